"""Prepare refunds on a ground that exists: when it comes to pass, and again for what is left.

What a ground gives back is drafted at once, for three hands to sign. A draft that somebody took
back, and money that came later, is prepared anew by finance, on the same ground and no other.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from bank_escrow.domain.refund_dates import Basis, due_at, period
from bank_escrow.models import DepositRequirement, Instruction, RefundGround
from bank_escrow.services.orders import order_deposits
from core.verdicts import Refusal

SYSTEM = "system:escrow"


@transaction.atomic
def order_refunds(
    *,
    reference: UUID,
    parties: Collection[UUID] | None,
    basis: Basis,
    since: datetime,
    now: datetime,
    actor: str = SYSTEM,
) -> list[Instruction]:
    """Write down that the law gives these bidders their money back (all, without a list); draft it.

    The same event told twice is one ground, and orders once.
    """
    requirement = DepositRequirement.objects.filter(reference=reference).first()
    if requirement is None or parties == set():
        return []
    if requirement.unsealed_at is None:
        raise Refusal("M-101")
    ground, _ = RefundGround.objects.get_or_create(
        requirement=requirement,
        basis=basis.value,
        since=since,
        parties=None if parties is None else sorted(parties),
        defaults={
            "id": uuid4(),
            "due_at": due_at(track=requirement.track, basis=basis, since=since),
            "with_interest": period(track=requirement.track, basis=basis).interest,
            "at": now,
        },
    )
    return _order(ground, actor=actor, now=now)


@transaction.atomic
def order_on(*, ground_id: UUID, actor: str, now: datetime) -> list[Instruction]:
    """Draft what a ground gives back and no order is about."""
    ground = RefundGround.objects.select_related("requirement").filter(pk=ground_id).first()
    if ground is None:
        raise Refusal("M-404")
    return _order(ground, actor=actor, now=now)


def _order(ground: RefundGround, *, actor: str, now: datetime) -> list[Instruction]:
    deposits = ground.requirement.deposits.order_by("id")
    if ground.parties is not None:
        deposits = deposits.filter(party__in=ground.parties)
    return order_deposits(
        deposits.values_list("id", flat=True),
        basis=Basis(ground.basis),
        due=ground.due_at,
        with_interest=ground.with_interest,
        actor=actor,
        now=now,
    )
