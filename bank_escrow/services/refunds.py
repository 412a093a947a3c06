"""The three hands of an order: one puts forward, another approves, above a sum a third releases.

Each signs the hash of the content. The approval moves the money to REFUNDING in the same
transaction; sending is the clock's work and only for what stands approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from audit.services import record_all
from bank_escrow.domain.beneficiary import Purpose
from bank_escrow.domain.lifecycle import OVER, RECALLABLE
from bank_escrow.domain.postings import Posting
from bank_escrow.events import (
    PaymentApproved,
    PaymentCancelled,
    PaymentReleased,
    PaymentSubmitted,
)
from bank_escrow.models import BankCredit, Deposit, Instruction
from bank_escrow.policies import may_approve, may_release, may_submit
from bank_escrow.services.judging import judge
from bank_escrow.services.ledger import move
from bank_escrow.services.settling import give_back
from bank_escrow.services.states import (
    locked_instruction,
    move_deposit,
    move_instruction,
    refuse_unless,
)
from core.events import DomainEvent
from core.verdicts import Refusal
from core.zone import local_day


@transaction.atomic
def submit(
    *,
    instruction_id: UUID,
    content_sha: str,
    actor: str,
    signature_id: UUID | None,
    now: datetime,
) -> Instruction:
    """Put an order forward, as its first person (经办)."""
    order = _found(instruction_id)
    may_submit(order, content_sha=content_sha).or_raise()
    move_instruction(order, "submit", now=now, maker=actor, maker_signature=signature_id)
    event = PaymentSubmitted(content_sha=order.content_sha, signature=signature_id)
    _tell(order, event, actor=actor, now=now)
    return order


@transaction.atomic
def approve(
    *,
    instruction_id: UUID,
    content_sha: str,
    actor: str,
    signature_id: UUID | None,
    now: datetime,
) -> Instruction:
    """Approve an order, as its second person (复核): from here the money is on its way out."""
    order = _found(instruction_id)
    may_approve(order, actor=actor, content_sha=content_sha).or_raise()
    if order.deposit is not None and order.deposit.state not in _LEAVING:
        raise Refusal("M-203", state=order.deposit.state)
    move_instruction(order, "approve", now=now, checker=actor, checker_signature=signature_id)
    credit = BankCredit.objects.select_for_update(of=("self",)).get(pk=order.credit_id)
    credit.deposit = order.deposit
    posting, state = _POSTINGS[order.purpose, order.from_suspense]
    move(credit, posting, state=state, business_date=local_day(now), now=now)
    event = PaymentApproved(content_sha=order.content_sha, signature=signature_id)
    _tell(order, event, actor=actor, now=now)
    return order


@transaction.atomic
def release(
    *,
    instruction_id: UUID,
    content_sha: str,
    actor: str,
    signature_id: UUID | None,
    now: datetime,
) -> Instruction:
    """Release an order above the threshold, as its third person (放行)."""
    order = _found(instruction_id)
    may_release(order, actor=actor, content_sha=content_sha).or_raise()
    Instruction.objects.filter(pk=order.pk, state=Instruction.State.APPROVED).update(
        releaser=actor, releaser_signature=signature_id, changed_at=now
    )
    event = PaymentReleased(content_sha=order.content_sha, signature=signature_id)
    _tell(order, event, actor=actor, now=now)
    return order


@transaction.atomic
def refuse(*, instruction_id: UUID, why: str, actor: str, now: datetime) -> None:
    """Send an order back, as its second person; it must be prepared anew."""
    order = _found(instruction_id)
    may_approve(order, actor=actor, content_sha=order.content_sha).or_raise()
    _end(order, "refuse", why=why, actor=actor, now=now)


@transaction.atomic
def cancel(*, instruction_id: UUID, why: str, actor: str, now: datetime) -> None:
    """Take an order back while nothing has left; approved money returns to where it was."""
    order = _found(instruction_id)
    refuse_unless(order, "cancel")
    _end(order, "cancel", why=why, actor=actor, now=now)


def cancel_all(deposit: Deposit, *, why: str, actor: str, now: datetime) -> None:
    """Take back every order of a deposit; refuses when one of them has left already."""
    live = deposit.instructions.exclude(state__in=OVER)
    for order_id in live.order_by("id").values_list("id", flat=True):
        order = locked_instruction(order_id)
        if order.state not in RECALLABLE:
            raise Refusal("M-301")
        order.deposit = deposit
        _end(order, "cancel", why=why, actor=actor, now=now)


_LEAVING = frozenset({Deposit.State.REFUNDING, Deposit.State.FORFEITING})
_POSTINGS: Final[Mapping[tuple[str, bool], tuple[Posting, BankCredit.State]]] = {
    (Purpose.REFUND, False): (Posting.REFUND_APPROVED, BankCredit.State.REFUNDING),
    (Purpose.REFUND, True): (Posting.REFUND_APPROVED_SUSPENSE, BankCredit.State.REFUNDING),
    (Purpose.FORFEIT, False): (Posting.FORFEIT_APPROVED, BankCredit.State.FORFEITING),
}
_BOOKED = frozenset({Instruction.State.APPROVED, Instruction.State.QUEUED})


def _found(instruction_id: UUID) -> Instruction:
    try:
        return locked_instruction(instruction_id)
    except Instruction.DoesNotExist:
        raise Refusal("M-404") from None


def _end(order: Instruction, act: str, *, why: str, actor: str, now: datetime) -> None:
    booked = order.state in _BOOKED
    move_instruction(order, act, now=now, outcome=why[:60])
    if booked:
        give_back(order, now=now)
    event = PaymentCancelled(instruction=order.id, why=why)
    _tell(order, event, actor=actor, now=now)
    deposit = order.deposit
    if deposit is not None and not deposit.instructions.exclude(state__in=OVER).exists():
        _recall(deposit, now=now)


def _recall(deposit: Deposit, *, now: datetime) -> None:
    """Give a deposit none of whose orders lives its state back."""
    if deposit.form != Deposit.Form.TRANSFER or deposit.requirement.locked_at is None:
        move_deposit(deposit, "recall_mismatch")
        judge(deposit, now=now)
    elif deposit.verdict == Deposit.State.LOCKED:
        move_deposit(deposit, "recall")
    else:
        move_deposit(deposit, "recall_mismatch")


def _tell(order: Instruction, event: DomainEvent, *, actor: str, now: datetime) -> None:
    streams = [f"instruction/{order.id}"]
    if order.deposit_id is not None:
        streams.insert(0, f"deposit/{order.deposit_id}")
    record_all([(stream, event) for stream in streams], actor=actor, now=now)
