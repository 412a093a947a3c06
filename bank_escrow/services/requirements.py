"""What a lot demands: open it, move its cut-off, fix the verdicts at the opening, unseal it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.services import record
from bank_escrow import vault
from bank_escrow.domain.matching import AccountPolicy, Code
from bank_escrow.events import (
    CutoffMoved,
    DepositLocked,
    RequirementOpened,
    RequirementUnsealed,
)
from bank_escrow.models import Deposit, DepositRequirement
from bank_escrow.services.judging import judge
from bank_escrow.services.states import locked_deposit, move_deposit
from core.verdicts import Refusal

SYSTEM = "system:escrow"


@transaction.atomic
def open_requirement(
    *,
    reference: UUID,
    amount_fen: int,
    cutoff_at: datetime,
    track: str,
    account_policy: AccountPolicy,
    now: datetime,
    title: str = "",
    members_may_pay: bool = False,
    several_credits: bool = True,
    validity_days: int = 90,
) -> DepositRequirement:
    """Demand a deposit for a lot. The same demand again is the same; another one is refused."""
    requirement, created = DepositRequirement.objects.get_or_create(
        reference=reference,
        defaults={
            "title": title,
            "amount_fen": amount_fen,
            "cutoff_at": cutoff_at,
            "track": track,
            "account_policy": account_policy.value,
            "members_may_pay": members_may_pay,
            "several_credits": several_credits,
            "validity_days": validity_days,
            "key": vault.new_key(),
            "opened_at": now,
        },
    )
    if not created:
        known = (requirement.amount_fen, requirement.cutoff_at, requirement.account_policy)
        if known != (amount_fen, cutoff_at, account_policy.value):
            raise Refusal("M-005")
        return requirement
    record(
        stream=f"account/{requirement.id}",
        event=RequirementOpened(
            reference=reference,
            amount_fen=amount_fen,
            cutoff_at=cutoff_at,
            account_policy=account_policy.value,
        ),
        actor=SYSTEM,
        now=now,
    )
    return requirement


@transaction.atomic
def move_cutoff(*, reference: UUID, cutoff_at: datetime, now: datetime) -> None:
    """Move the cut-off with the deadline of the lot; every deposit is judged anew."""
    requirement = _locked(reference)
    if requirement.locked_at is not None or cutoff_at <= now:
        raise Refusal("M-003")
    if requirement.cutoff_at == cutoff_at:
        return
    requirement.cutoff_at = cutoff_at
    requirement.save(update_fields=["cutoff_at"])
    record(
        stream=f"account/{requirement.id}",
        event=CutoffMoved(cutoff_at=cutoff_at),
        actor=SYSTEM,
        now=now,
    )
    for deposit in _deposits(requirement):
        judge(deposit, now=now)


@transaction.atomic
def lock(*, reference: UUID, now: datetime) -> None:
    """Re-check every deposit at the cut-off and fix what the opening hall shows.

    A payment that the bank booked in time but told us of later is still recognised afterwards:
    the bank's booking decides, not our knowledge of it. Locking twice is locking once.
    """
    requirement = _locked(reference)
    if now < requirement.cutoff_at:
        raise Refusal("M-004", cutoff_at=requirement.cutoff_at)
    if requirement.locked_at is not None:
        return
    requirement.locked_at = now
    requirement.save(update_fields=["locked_at"])
    for deposit in _deposits(requirement):
        judge(deposit, now=now)
        fix_verdict(deposit, now=now)


def fix_verdict(deposit: Deposit, *, now: datetime) -> None:
    """Write down the verdict of a locked lot's deposit, with the event the hall reads."""
    codes = list(deposit.codes)
    if deposit.state == Deposit.State.MATCHED:
        move_deposit(deposit, "lock")
    elif deposit.state == Deposit.State.PARTIAL:
        codes = codes or [Code.AMOUNT_SHORT.value]
        move_deposit(deposit, "mismatch", codes=codes)
    if (deposit.verdict, deposit.verdict_codes) == (deposit.state, codes):
        return
    deposit.verdict, deposit.verdict_codes = deposit.state, codes
    deposit.save(update_fields=["verdict", "verdict_codes"])
    record(
        stream=f"deposit/{deposit.id}",
        event=DepositLocked(verdict=deposit.verdict, codes=codes),
        actor=SYSTEM,
        now=now,
    )


@transaction.atomic
def unseal(*, reference: UUID, basis: str, now: datetime) -> None:
    """Let finance and oversight see who paid: at the opening, or when the lot ended before it."""
    requirement = _locked(reference)
    if requirement.unsealed_at is not None:
        return
    requirement.unsealed_at = now
    requirement.save(update_fields=["unsealed_at"])
    record(
        stream=f"account/{requirement.id}",
        event=RequirementUnsealed(reference=reference, basis=basis),
        actor=SYSTEM,
        now=now,
    )


def _locked(reference: UUID) -> DepositRequirement:
    try:
        return DepositRequirement.objects.select_for_update().get(reference=reference)
    except DepositRequirement.DoesNotExist:
        raise Refusal("M-001") from None


def _deposits(requirement: DepositRequirement) -> list[Deposit]:
    """Return the lot's deposits, locked in the order of their ids."""
    ids = requirement.deposits.order_by("id").values_list("id", flat=True)
    return [locked_deposit(pk) for pk in ids]
