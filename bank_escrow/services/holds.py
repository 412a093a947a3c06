"""Freeze a deposit while an objection, complaint or investigation runs, and let it go again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from audit.services import record
from bank_escrow.domain.lifecycle import DEPOSIT
from bank_escrow.domain.postings import Posting
from bank_escrow.events import DepositFrozen, DepositUnfrozen
from bank_escrow.models import BankCredit, Deposit, Hold
from bank_escrow.services.ledger import move
from bank_escrow.services.refunds import cancel_all
from bank_escrow.services.states import locked_deposit, move_deposit
from core.verdicts import Refusal
from core.zone import local_day

# A freeze nobody looks at again would be a forfeit without a decision.
REVIEW_EVERY = timedelta(days=30)


@transaction.atomic
def freeze(
    *, reference: UUID, party: UUID, basis: str, document: UUID, actor: str, now: datetime
) -> Hold:
    """Hold a locked deposit; a refund that has not left is taken back, one that left goes on."""
    deposit = _deposit(reference, party)
    if deposit.state == Deposit.State.REFUNDING:
        cancel_all(deposit, why="FROZEN", actor=actor, now=now)
    if not basis or not DEPOSIT.can(deposit.state, "freeze"):
        raise Refusal("M-301")
    move_deposit(deposit, "freeze")
    _move_all(deposit, Posting.FREEZE, "COUNTED", "HELD", now=now)
    hold = Hold.objects.create(
        id=uuid4(),
        deposit=deposit,
        basis=basis,
        document=document,
        since=now,
        review_at=now + REVIEW_EVERY,
    )
    record(
        stream=f"deposit/{deposit.id}",
        event=DepositFrozen(basis=basis, document=document, review_at=hold.review_at),
        actor=actor,
        now=now,
    )
    return hold


@transaction.atomic
def unfreeze(*, reference: UUID, party: UUID, basis: str, actor: str, now: datetime) -> None:
    """Let a held deposit go; refunding it needs a new order."""
    deposit = _deposit(reference, party)
    if not DEPOSIT.can(deposit.state, "unfreeze"):
        raise Refusal("M-302")
    move_deposit(deposit, "unfreeze")
    _move_all(deposit, Posting.UNFREEZE, "HELD", "COUNTED", now=now)
    deposit.holds.filter(until__isnull=True).update(until=now)
    record(
        stream=f"deposit/{deposit.id}",
        event=DepositUnfrozen(basis=basis),
        actor=actor,
        now=now,
    )


def _deposit(reference: UUID, party: UUID) -> Deposit:
    found = Deposit.objects.filter(requirement__reference=reference, party=party).first()
    if found is None:
        raise Refusal("M-404")
    return locked_deposit(found.pk)


def _move_all(deposit: Deposit, posting: Posting, state: str, to: str, *, now: datetime) -> None:
    for credit in (
        BankCredit.objects.select_for_update().filter(deposit=deposit, state=state).order_by("id")
    ):
        move(credit, posting, state=to, business_date=local_day(now), now=now)
