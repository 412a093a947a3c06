"""What a proposal may be about: for each kind the question whether it may be, and the act itself.

The question is asked when one person proposes and its answer is kept as the proposal's facts;
the act asks again, for days may lie between the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from bank_escrow import sealed
from bank_escrow.domain.lifecycle import DEPOSIT, INSTRUCTION
from bank_escrow.domain.proposals import Kind
from bank_escrow.models import (
    Bank,
    BankCredit,
    Break,
    Deposit,
    DepositRequirement,
    ForfeitAccount,
    Proposal,
)
from bank_escrow.policies import may_resolve
from bank_escrow.selectors.breaks import open_critical, source_order, visible_breaks
from bank_escrow.selectors.finance import visible_orders
from bank_escrow.services.breaks import resolve_break, start_bank, stop_bank
from bank_escrow.services.forfeits import forfeit, may_set_account, set_forfeit_account
from bank_escrow.services.holds import freeze, unfreeze
from bank_escrow.services.statements import confirm_unpaid
from core.verdicts import Refusal

BY_HAND: Final = "BY_HAND"
# Our own day for looking at an order nobody has signed yet; the law sets none for a forfeit.
FORFEIT_WITHIN: Final = timedelta(days=5)
_HELD_BACK = frozenset({Deposit.State.LOCKED, Deposit.State.REFUNDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One kind of proposal: `facts` refuses or says what it rests on, `carry_out` does it."""

    facts: Callable[[str], dict[str, Any]]
    carry_out: Callable[[Proposal, datetime], object]


def _stop_facts(code: str) -> dict[str, Any]:
    if _bank(code).stopped_at is not None:
        raise Refusal("M-607")
    return {"bank": code}


def _stop(proposal: Proposal, now: datetime) -> None:
    _stop_facts(proposal.subject)
    stop_bank(proposal.subject, why=BY_HAND, actor=proposal.decided_by, now=now)


def _start_facts(code: str) -> dict[str, Any]:
    if _bank(code).stopped_at is None:
        raise Refusal("M-607")
    return {"bank": code, "breaks": open_critical(code)}


def _start(proposal: Proposal, now: datetime) -> None:
    # A break that is being opened now waits for this row and then stops the bank again.
    Bank.objects.select_for_update(no_key=True).get(code=proposal.subject)
    known = set(proposal.facts["breaks"])
    if set(_start_facts(proposal.subject)["breaks"]) - known:
        raise Refusal("M-608")
    start_bank(proposal.subject, actor=proposal.decided_by, now=now)


def _resolve_facts(break_id: str) -> dict[str, Any]:
    found = visible_breaks().filter(pk=break_id, resolved_at__isnull=True).first()
    if found is None:
        raise Refusal("M-404")
    may_resolve(source_order(found)).or_raise()
    return {"break": break_id, "bank": found.bank_id, "kind": found.kind}


def _resolve(proposal: Proposal, now: datetime) -> None:
    _resolve_facts(proposal.subject)
    resolve_break(
        break_id=UUID(proposal.subject),
        resolution=proposal.reason,
        actor=proposal.decided_by,
        now=now,
    )


def _unpaid_facts(order_id: str) -> dict[str, Any]:
    order = visible_orders().filter(pk=order_id).first()
    if order is None:
        raise Refusal("M-404")
    found = Break.objects.filter(source_id=order.pk, resolved_at__isnull=True)
    first = found.order_by("opened_at").first()
    if first is None or not INSTRUCTION.can(order.state, "confirm_unpaid"):
        raise Refusal("M-207")
    return {"order": order_id, "serial": order.serial, "break": str(first.pk)}


def _unpaid(proposal: Proposal, now: datetime) -> None:
    confirm_unpaid(
        instruction_id=UUID(proposal.subject),
        document=proposal.pk,
        actor=proposal.decided_by,
        now=now,
    )


def _freeze_facts(deposit_id: str) -> dict[str, Any]:
    deposit = _deposit(deposit_id)
    if deposit.state not in _HELD_BACK:
        raise Refusal("M-301")
    return {"deposit": deposit_id}


def _freeze(proposal: Proposal, now: datetime) -> None:
    freeze(
        **_place(proposal),
        basis=proposal.reason,
        document=proposal.pk,
        actor=proposal.decided_by,
        now=now,
    )


def _unfreeze_facts(deposit_id: str) -> dict[str, Any]:
    if not DEPOSIT.can(_deposit(deposit_id).state, "unfreeze"):
        raise Refusal("M-302")
    return {"deposit": deposit_id}


def _unfreeze(proposal: Proposal, now: datetime) -> None:
    unfreeze(**_place(proposal), basis=proposal.reason, actor=proposal.decided_by, now=now)


def _account_facts(reference: str) -> dict[str, Any]:
    requirement = DepositRequirement.objects.filter(reference=reference).first()
    if requirement is None:
        raise Refusal("M-404")
    may_set_account(requirement)
    return {"lot": reference}


def _set_account(proposal: Proposal, now: datetime) -> None:
    set_forfeit_account(
        reference=UUID(proposal.subject),
        to=sealed.payee(proposal),
        maker=proposal.proposed_by,
        checker=proposal.decided_by,
        now=now,
    )


def _forfeit_facts(deposit_id: str) -> dict[str, Any]:
    deposit = _deposit(deposit_id)
    account = ForfeitAccount.objects.filter(requirement=deposit.requirement).first()
    counted = deposit.credits.filter(state=BankCredit.State.COUNTED)
    if account is None or not DEPOSIT.can(deposit.state, "forfeit") or not counted.exists():
        raise Refusal("M-303")
    return {"deposit": deposit_id, "payee": sealed.payee_mark(sealed.payee(account))}


def _forfeit(proposal: Proposal, now: datetime) -> None:
    if _forfeit_facts(proposal.subject) != proposal.facts:
        raise Refusal("M-603")
    forfeit(
        **_place(proposal),
        document=proposal.pk,
        due_at=now + FORFEIT_WITHIN,
        actor=proposal.decided_by,
        now=now,
    )


DEEDS: Final[Mapping[str, Deed]] = {
    Kind.STOP_BANK: Deed(facts=_stop_facts, carry_out=_stop),
    Kind.START_BANK: Deed(facts=_start_facts, carry_out=_start),
    Kind.RESOLVE: Deed(facts=_resolve_facts, carry_out=_resolve),
    Kind.UNPAID: Deed(facts=_unpaid_facts, carry_out=_unpaid),
    Kind.FREEZE: Deed(facts=_freeze_facts, carry_out=_freeze),
    Kind.UNFREEZE: Deed(facts=_unfreeze_facts, carry_out=_unfreeze),
    Kind.FORFEIT_ACCOUNT: Deed(facts=_account_facts, carry_out=_set_account),
    Kind.FORFEIT: Deed(facts=_forfeit_facts, carry_out=_forfeit),
}


def _bank(code: str) -> Bank:
    found = Bank.objects.filter(code=code).first()
    if found is None:
        raise Refusal("M-404")
    return found


def _deposit(deposit_id: str) -> Deposit:
    """Return a deposit of an unsealed lot; a sealed one looks like none."""
    found = Deposit.objects.filter(pk=deposit_id, requirement__unsealed_at__isnull=False)
    deposit = found.select_related("requirement").first()
    if deposit is None:
        raise Refusal("M-404")
    return deposit


def _place(proposal: Proposal) -> dict[str, UUID]:
    deposit = _deposit(proposal.subject)
    return {"reference": deposit.requirement.reference, "party": deposit.party}
