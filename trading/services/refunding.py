"""Ask the bank side to give deposits and letters back when the law says so; twice is once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from bank_escrow.services import Basis, order_refunds, unseal
from trading.models import Award, Lot, Party
from trading.services import securities


def after_end(*, lot: Lot, actor: str, now: datetime) -> None:
    """Give everybody's deposit back because the lot ended without an award."""
    if lot.bid_security_fen:
        unseal(reference=lot.pk, basis=lot.state_code or lot.state, now=now)
        basis = Basis.TERMINATED if lot.state == "TERMINATED" else Basis.FAILED
        _order(lot, None, basis, since=now, actor=actor, now=now)


def after_list(*, lot: Lot, actor: str, now: datetime) -> None:
    """Give back what was paid by those who are no bidders: withdrawn, or never counted.

    Before the list nobody may know that they paid; they could fetch it themselves until then.
    """
    if not lot.bid_security_fen:
        return
    withdrawn = Max("bids__ended_at", filter=Q(bids__state="WITHDRAWN"))
    gone = Party.objects.filter(lot=lot, seat__isnull=True).annotate(withdrawn_at=withdrawn)
    for party, at in gone.order_by("pk").values_list("pk", "withdrawn_at"):
        basis = Basis.WITHDRAWN if at else Basis.NOT_COUNTED
        _order(lot, {party}, basis, since=at or now, actor=actor, now=now)


def after_notice(*, award: Award, actor: str, now: datetime) -> None:
    """Track G: the losers' deposits are due with the award notice (GPR Art. 33)."""
    lot = award.lot
    if lot.bid_security_fen and not _is_t(lot):
        losers = _parties(lot) - {award.bid.party_id}
        _order(lot, losers, Basis.AWARD_NOTICE, since=now, actor=actor, now=now)


def after_contract(*, award: Award, signed_at: datetime, actor: str, now: datetime) -> None:
    """Track T: all deposits with interest (TBR Art. 57); track G: the winner's (GPR Art. 33)."""
    lot = award.lot
    if lot.bid_security_fen:
        parties = None if _is_t(lot) else {award.bid.party_id}
        _order(lot, parties, Basis.CONTRACT, since=signed_at, actor=actor, now=now)


def _is_t(lot: Lot) -> bool:
    return lot.tender.legal_track == "T"


def _parties(lot: Lot) -> set[UUID]:
    """Return all who joined: one whose bid came too late has paid a deposit as well."""
    return set(Party.objects.filter(lot=lot).values_list("pk", flat=True))


def _order(
    lot: Lot,
    parties: Collection[UUID] | None,
    basis: Basis,
    *,
    since: datetime,
    actor: str,
    now: datetime,
) -> None:
    securities.release(lot=lot, bidders=parties, basis=basis, now=now)
    order_refunds(
        reference=lot.pk,
        parties=parties,
        basis=basis,
        since=since,
        now=now,
        actor=actor,
    )
