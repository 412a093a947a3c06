"""Forfeit a deposit (不予退还): by the tenderer's document, to an account two persons confirmed.

The centre executes and never receives: the account is the tenderer's or the treasury's
(招标投标法实施条例 art. 35, 74; 政府采购非招标采购方式管理办法 art. 20).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from bank_escrow.domain.beneficiary import Purpose
from bank_escrow.domain.lifecycle import DEPOSIT
from bank_escrow.domain.names import account_number
from bank_escrow.models import (
    BankCredit,
    Deposit,
    DepositRequirement,
    ForfeitAccount,
    Instruction,
)
from bank_escrow.policies import may_confirm_account, may_see_deposits
from bank_escrow.services.orders import RELEASE_ABOVE_FEN, draft
from bank_escrow.services.states import locked_deposit, move_deposit
from core.verdicts import Refusal


@transaction.atomic
def configure_forfeit_account(
    *, reference: UUID, name: str, account: str, actor: str, now: datetime
) -> ForfeitAccount:
    """Enter where forfeited money of a lot would go; before it counts, another confirms it."""
    requirement = DepositRequirement.objects.select_for_update().get(reference=reference)
    known = ForfeitAccount.objects.filter(requirement=requirement).first()
    if known is not None:
        if (known.name, known.account) != (name, account_number(account)):
            raise Refusal("M-304")
        return known
    return ForfeitAccount.objects.create(
        id=uuid4(),
        requirement=requirement,
        name=name,
        account=account_number(account),
        maker=actor,
        created_at=now,
    )


@transaction.atomic
def confirm_forfeit_account(*, reference: UUID, actor: str) -> None:
    """Confirm the account, as a second person."""
    account = (
        ForfeitAccount.objects.select_for_update().filter(requirement__reference=reference).first()
    )
    if account is None:
        raise Refusal("M-404")
    may_confirm_account(account, actor=actor).or_raise()
    account.checker = actor
    account.save(update_fields=["checker"])


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
