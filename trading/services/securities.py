"""A bidder's security for a lot: an account to pay into, or a paper in place of money."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.services import messages
from bank_escrow import services as escrow
from bank_escrow.selectors import OpenedPaper, papers
from trading.models import Lot, OpeningSeat, Party
from trading.policies.bids import is_open
from trading.services import parties


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper:
    """A paper beside the name its bidder has since the list was announced."""

    seat: OpeningSeat
    found: OpenedPaper


def issue(*, party: Party, now: datetime) -> escrow.IssuedAccount:
    """Return the account of this bidder for this lot; asking again gives the same one."""
    is_open(lot=party.lot, now=now).or_raise()
    return escrow.issue_account(
        reference=party.lot_id, party=party.pk, payer=_payer(party), now=now
    )


def hand_in(
    *, party: Party, says: escrow.Letter | escrow.Claim, file: bytes, person_id: UUID, now: datetime
) -> None:
    """Take a letter of guarantee, or the claim that the documents waive the security."""
    is_open(lot=party.lot, now=now).or_raise()
    escrow.hand_in_paper(
        reference=party.lot_id,
        party=party.pk,
        payer=_payer(party),
        says=says,
        file=file,
        actor=parties.hand_of(party, person_id=person_id),
        now=now,
    )


def take_back(*, party: Party, person_id: UUID, now: datetime) -> None:
    """Give the paper back, so that the bidder can pay or bring another."""
    is_open(lot=party.lot, now=now).or_raise()
    escrow.take_back_paper(
        reference=party.lot_id,
        party=party.pk,
        actor=parties.hand_of(party, person_id=person_id),
        now=now,
    )


def listed(lot: Lot) -> list[ListedPaper]:
    """Return the papers of the bidders on the announced list; before it, nothing."""
    found = {row.party: row for row in papers(lot.pk)} if lot.bid_security_fen else {}
    seats = OpeningSeat.objects.filter(opening__lot=lot, party__in=found).select_related(
        "organisation"
    )
    return [ListedPaper(seat=seat, found=found[seat.party_id]) for seat in seats.order_by("number")]


@transaction.atomic
def check(
    *,
    lot: Lot,
    paper_id: UUID,
    accepted: bool,
    clause: str,
    fact: str,
    actor: str,
    now: datetime,
) -> None:
    """Write down what the tenderer's side found, and tell a bidder whose paper was refused."""
    escrow.check_paper(
        reference=lot.pk,
        paper_id=paper_id,
        accepted=accepted,
        clause=clause,
        fact=fact,
        actor=actor,
        now=now,
    )
    seat = next((row.seat for row in listed(lot) if row.found.paper.id == paper_id), None)
    if accepted or seat is None:
        return
    messages.send(
        to=seat.organisation,
        kind="security.refused",
        subject=format_lazy(_("保证金材料未获认可：{lot}"), lot=lot.code),
        body=format_lazy(
            _("条款：{clause}。事实：{fact}。对投标的影响由评标委员会决定；可依法提出异议或质疑。"),
            clause=clause,
            fact=fact,
        ),
        level="act",
        link=f"/bids/{lot.pk}/deposit",
        now=now,
    )


def release(*, lot: Lot, bidders: Collection[UUID] | None, basis: str, now: datetime) -> None:
    """Let letters of guarantee go together with the deposits of the same bidders."""
    escrow.release_papers(reference=lot.pk, parties=bidders, basis=basis, now=now)


def _payer(party: Party) -> escrow.PayerIdentity:
    """Return who must pay, or be named in a letter: the firm, and members of its consortium."""
    identity = parties.identify(party)
    firm = Organisation.objects.get(pk=identity.organisation)
    members = Organisation.objects.filter(
        credit_code__in=[member.credit_code for member in identity.members]
    )
    return escrow.PayerIdentity(
        name=firm.name,
        basic_account=firm.basic_account,
        members=tuple(
            escrow.PayerIdentity(name=row.name, basic_account=row.basic_account)
            for row in members.order_by("pk")
        ),
    )
