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
from trading.models import Award, Bid, Notice, ResultObjection
from trading.policies.award import contract_due
from trading.selectors.access import lot_of_side
from trading.services import securities
from trading.services.awarding import candidate_rows


@requires(Role.TENDERER, Role.AGENCY)
@require_GET
def course(request: HttpRequest, *, tender: UUID, lot: UUID) -> HttpResponse:
    """Show where the lot stands and the one act that comes next."""
    found = lot_of_side(current(request), tender, lot)
    rules = rules_of(found.tender.legal_track, found.tender.procedure)
    award = Award.objects.select_related("bid__seat__organisation").filter(lot=found).first()
    bids = Bid.objects.filter(lot=found, seat__isnull=False).select_related(
        "seat__organisation", "line"
    )
    papers = securities.listed(found)
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
            "objections": ResultObjection.objects.filter(lot=found).order_by("at"),
            "panel_url": f"/tenders/{tender}/lots/{lot}/panel",
            "now": clock.now(),
        },
    )
