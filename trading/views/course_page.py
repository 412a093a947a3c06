"""The tender side's page of one lot after its opening: review, report, candidates, contract."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.web import current, requires
from core import clock
from trading.domain.procedures import rules_of
from trading.models import Award, Bid, Contract, Notice, ResultObjection
from trading.policies.award import DEPARTURES, contract_due
from trading.selectors.access import lot_of_side
from trading.services import securities
from trading.services.awarding import candidate_rows
from trading.words import GROUNDS


def course_page(request: HttpRequest, *, tender: UUID, lot: UUID, **_place: object) -> HttpResponse:
    """Show where the lot stands and the one act that comes next; a refused act keeps its words."""
    found = lot_of_side(current(request), tender, lot)
    rules = rules_of(found.tender.legal_track, found.tender.procedure)
    award = Award.objects.select_related("bid__seat__organisation").filter(lot=found).first()
    bids = Bid.objects.filter(lot=found, seat__isnull=False).select_related(
        "seat__organisation", "line", "qualification"
    )
    papers = securities.listed(found)
    unreviewed = bids.filter(state="OPENED", qualification__isnull=True)
    named = found.state not in {"DRAFT", "SUBMISSION", "SUSPENDED", "CLOSED", "OPENING"}
    return render(
        request,
        "trading/award/course.html",
        {
            "lot": found,
            "tender": found.tender,
            "rules": rules,
            "bids": bids.order_by("seat__number") if named else [],
            "papers": papers,
            "papers_open": sum(row.found.paper.state == "HELD" for row in papers),
            "candidates": candidate_rows(found),
            "award": award,
            "contract_due": contract_due(award=award) if award else None,
            "publicity": found.notices.filter(kind=Notice.Kind.CANDIDATES).first(),
            "failure": found.notices.filter(kind=Notice.Kind.FAILED).first(),
            "objections": ResultObjection.objects.filter(lot=found).order_by("at"),
            "handable": not rules.purchaser_reviews_qualification or not unreviewed.exists(),
            "contract": Contract.objects.filter(award__lot=found).first(),
            "grounds": [(code, GROUNDS[code]) for code in DEPARTURES],
            "typed": request.POST,
            "now": clock.now(),
        },
    )


course = requires(Role.TENDERER, Role.AGENCY)(require_GET(course_page))
