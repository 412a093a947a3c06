"""Prepare anew what was to go back and did not: the bank refused it, never got it, or returned it.

The money is still owed and its day does not move, so nobody has to remember it. The new order has
its own serial and waits for all its signatures; one that people took back is not prepared again.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from bank_escrow.domain.beneficiary import Purpose
from bank_escrow.domain.lifecycle import DEPOSIT, OVER
from bank_escrow.models import Bank, BankCredit, Instruction
from bank_escrow.services.orders import RELEASE_ABOVE_FEN, SYSTEM, TO_PAY, draft
from bank_escrow.services.states import locked_instruction, move_deposit

_UNPAID = sorted(OVER - {Instruction.State.CANCELLED})


def order_again(bank: Bank, *, now: datetime) -> None:
    """Draft the next order for every refund whose last one ended unpaid.

    Before the hour nobody of the centre may know of the money: its owner asks again itself.
    """
    later = Instruction.objects.filter(credit=OuterRef("credit"), seq__gt=OuterRef("seq"))
    unpaid = Instruction.objects.filter(
        Q(deposit__isnull=True) | Q(deposit__requirement__unsealed_at__isnull=False),
        ~Exists(later),
        bank=bank,
        purpose=Purpose.REFUND.value,
        state__in=_UNPAID,
        credit__state__in=TO_PAY,
        credit__amount_fen=F("amount_fen"),
    )
    for order_id in unpaid.order_by("id").values_list("id", flat=True):
        _order_again(order_id, now=now)


@transaction.atomic
def _order_again(order_id: UUID, *, now: datetime) -> None:
    last = locked_instruction(order_id)
    deposit = last.deposit
    credit = BankCredit.objects.select_for_update(of=("self",)).get(pk=last.credit_id)
    if credit.state not in TO_PAY or credit.instructions.filter(seq__gt=last.seq).exists():
        return
    if deposit is not None:
        if not DEPOSIT.can(deposit.state, "order"):
            return
        move_deposit(deposit, "order")
    draft(
        credit,
        deposit,
        purpose=Purpose.REFUND,
        basis=last.basis,
        due=last.due_at,
        with_interest=last.with_interest,
        document=None,
        release_above=RELEASE_ABOVE_FEN,
        actor=SYSTEM,
        now=now,
    )
