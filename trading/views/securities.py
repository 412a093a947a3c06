"""Papers in place of a deposit: the bidder's acts, and the tenderer's check after the opening."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.web import ActRequest, Done, act, checked, current, requires
from bank_escrow import selectors as escrow
from trading.models import Party
from trading.security_forms import CheckForm, ClaimForm, LetterForm
from trading.selectors.access import lot_of_side, own_party
from trading.selectors.own_bids import deposit as own_deposit
from trading.services import securities
from trading.views.bids import deposit_page

SIDE = (Role.TENDERER, Role.AGENCY)


@requires(Role.BIDDER)
@act(page=deposit_page)
def guarantee(request: ActRequest, *, lot: UUID) -> Done:
    """Hand in a letter of guarantee."""
    form = checked(LetterForm(request.POST, request.FILES))
    party = own_party(current(request), lot)
    securities.hand_in(
        party=party,
        says=form.letter,
        file=form.cleaned_data["file"],
        person_id=current(request).person.pk,
        now=request.act.now,
    )
    return _to_deposit(party, message=_("保函已提交，内容已加密保存"))


@requires(Role.BIDDER)
@act(page=deposit_page)
def waiver(request: ActRequest, *, lot: UUID) -> Done:
    """Claim that the documents waive the security for this bidder."""
    form = checked(ClaimForm(request.POST, request.FILES))
    party = own_party(current(request), lot)
    securities.hand_in(
        party=party,
        says=form.claim,
        file=form.cleaned_data["file"],
        person_id=current(request).person.pk,
        now=request.act.now,
    )
    return _to_deposit(party, message=_("免缴申请已提交，内容已加密保存"))


@requires(Role.BIDDER)
@act(page=deposit_page)
def take_back(request: ActRequest, *, lot: UUID) -> Done:
    """Take the paper back before the deadline."""
    party = own_party(current(request), lot)
    person = current(request).person
    securities.take_back(party=party, person_id=person.pk, now=request.act.now)
    return _to_deposit(party, message=_("已撤回，请改用其他方式提交保证金"))


@requires(Role.BIDDER)
@require_GET
def own_file(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """The file the firm brought itself."""
    party = own_party(current(request), lot)
    return _pdf(escrow.own_paper_file(reference=party.lot_id, party=party.pk), "security")


@requires(*SIDE)
@require_GET
def papers(request: HttpRequest, *, tender: UUID, lot: UUID) -> HttpResponse:
    """Every paper of a lot whose list was announced; before that the page of a lot without any."""
    return papers_page(request, tender=tender, lot=lot)


def papers_page(request: HttpRequest, *, tender: UUID, lot: UUID) -> HttpResponse:
    """Draw the papers; drawn around the check as well."""
    found = lot_of_side(current(request), tender, lot)
    rows = [(row, _args(tender, lot, row.found.paper.id)) for row in securities.listed(found)]
    facts = {"lot": found, "tender": found.tender, "rows": rows}
    return render(request, "trading/award/securities.html", facts)


@requires(*SIDE)
@require_GET
def file(request: HttpRequest, *, tender: UUID, lot: UUID, paper: UUID) -> HttpResponse:
    """The file of a bidder's paper."""
    found = lot_of_side(current(request), tender, lot)
    if paper not in {row.found.paper.id for row in securities.listed(found)}:
        raise Http404
    return _pdf(escrow.opened_paper_file(found.pk, paper), f"security-{found.code}")


@requires(*SIDE)
@act(purpose="approve")
def check(request: ActRequest, *, tender: UUID, lot: UUID, paper: UUID) -> Done:
    """Accept a paper, or refuse it by clause and fact; signed, for it may cost a bid."""
    found = lot_of_side(current(request), tender, lot)
    form = checked(CheckForm(request.POST))
    securities.check(
        lot=found,
        paper_id=paper,
        accepted=form.cleaned_data["accepted"] == "1",
        clause=form.cleaned_data["clause"],
        fact=form.cleaned_data["fact"],
        actor=request.act.actor,
        now=request.act.now,
    )
    where = reverse("trading:securities", kwargs={"tender": tender, "lot": lot})
    return Done(redirect=where, reply={"paper": str(paper)}, message=_("核对结论已保存"))


def _args(tender: UUID, lot: UUID, paper: UUID) -> str:
    return json.dumps({"tender": str(tender), "lot": str(lot), "paper": str(paper)})


def _to_deposit(party: Party, *, message: str) -> Done:
    where = reverse("trading:bid-deposit", kwargs={"lot": party.lot_id})
    return Done(redirect=where, reply=own_deposit(party) or {}, message=message)


def _pdf(content: bytes | None, name: str) -> HttpResponse:
    if content is None:
        raise Http404
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        # What somebody uploaded never runs in our origin.
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
