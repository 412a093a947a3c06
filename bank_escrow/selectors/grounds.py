"""Grounds on which money still lies that no order is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise

from bank_escrow.domain.lifecycle import DEPOSIT, OVER
from bank_escrow.models import BankCredit, Instruction, RefundGround
from bank_escrow.words import BASES

_MAY_GO = tuple(state for state in DEPOSIT.states if DEPOSIT.can(state, "order"))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundRow:
    """A ground, and how many payments it could still give back."""

    id: UUID
    title: str
    basis: str | Promise
    since: datetime
    due_at: datetime
    payments: int


def open_grounds() -> tuple[GroundRow, ...]:
    """Return the grounds that finance may prepare refunds on, the most pressing first."""
    found = RefundGround.objects.filter(requirement__unsealed_at__isnull=False)
    rows = [
        GroundRow(
            id=ground.pk,
            title=ground.requirement.title or str(ground.requirement.reference),
            basis=BASES[ground.basis],
            since=ground.since,
            due_at=ground.due_at,
            payments=_idle(ground),
        )
        for ground in found.select_related("requirement").order_by("due_at", "id")
    ]
    return tuple(row for row in rows if row.payments)


def _idle(ground: RefundGround) -> int:
    live = Instruction.objects.filter(credit=OuterRef("pk")).exclude(state__in=sorted(OVER))
    credits_ = BankCredit.objects.filter(
        deposit__requirement=ground.requirement_id,
        deposit__state__in=_MAY_GO,
        state__in=["COUNTED", "SUSPENSE"],
    ).exclude(Exists(live))
    if ground.parties is not None:
        credits_ = credits_.filter(deposit__party__in=ground.parties)
    return credits_.count()
