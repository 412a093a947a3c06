"""Forfeit a deposit (不予退还): by the tenderer's document, to an account two persons confirmed.

The centre executes and never receives: the account is the tenderer's or the treasury's
(招标投标法实施条例 art. 35, 74; 政府采购非招标采购方式管理办法 art. 20).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from bank_escrow import sealed
from bank_escrow.domain.beneficiary import Party, Purpose
from bank_escrow.domain.lifecycle import DEPOSIT
from bank_escrow.models import (
    BankCredit,
    Deposit,
    DepositRequirement,
    ForfeitAccount,
    Instruction,
)
from bank_escrow.policies import may_see_deposits
from bank_escrow.services.orders import RELEASE_ABOVE_FEN, draft
from bank_escrow.services.states import locked_deposit, move_deposit
from core.verdicts import Refusal


def may_set_account(requirement: DepositRequirement) -> None:
    """Refuse another account once money was ordered to the one there is."""
    may_see_deposits(requirement).or_raise()
    forfeits = Instruction.objects.filter(
        deposit__requirement=requirement, purpose=Purpose.FORFEIT.value
    )
    if forfeits.exists():
        raise Refusal("M-304")


@transaction.atomic
def set_forfeit_account(
    *, reference: UUID, to: Party, maker: str, checker: str, now: datetime
) -> ForfeitAccount:
    """Set where forfeited money of a lot would go, as one person entered and another confirmed."""
    requirement = DepositRequirement.objects.select_for_update().filter(reference=reference).first()
    if requirement is None:
        raise Refusal("M-404")
    if maker == checker:
        raise Refusal("M-601")
    may_set_account(requirement)
    known = ForfeitAccount.objects.filter(requirement=requirement).first()
    account = known or ForfeitAccount(id=uuid4(), requirement=requirement)
    account.payee_sealed = sealed.seal_payee(to, owner=account.id)
    account.maker, account.checker, account.created_at = maker, checker, now
    account.save(force_insert=known is None)
    return account


@transaction.atomic
def forfeit(
    *,
    reference: UUID,
    party: UUID,
    document: UUID,
    due_at: datetime,
    actor: str,
    now: datetime,
) -> list[Instruction]:
    """Order that a locked deposit be forfeited, by the decision in `document`.

    What was set aside beside the deposit is not forfeited: it never was the deposit.
    """
    # Nobody may change the account between this look at it and the orders that name it.
    DepositRequirement.objects.select_for_update().filter(reference=reference).first()
    found = Deposit.objects.filter(requirement__reference=reference, party=party).first()
    if found is None:
        raise Refusal("M-404")
    deposit = locked_deposit(found.pk)
    may_see_deposits(deposit.requirement).or_raise()
    account = ForfeitAccount.objects.filter(requirement=deposit.requirement).first()
    if account is None or not account.checker or not DEPOSIT.can(deposit.state, "forfeit"):
        raise Refusal("M-303")
    credits_ = list(
        BankCredit.objects.select_for_update()
        .filter(deposit=deposit, state=BankCredit.State.COUNTED)
        .order_by("booked_at", "id")
    )
    if not credits_:
        raise Refusal("M-303")
    move_deposit(deposit, "forfeit")
    return [
        draft(
            credit,
            deposit,
            purpose=Purpose.FORFEIT,
            basis="FORFEIT",
            due=due_at,
            with_interest=False,
            document=document,
            release_above=RELEASE_ABOVE_FEN,
            actor=actor,
            now=now,
        )
        for credit in credits_
    ]
