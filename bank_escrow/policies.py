"""May this person do this to this order now: four eyes, above a sum six, and the content seen."""

from __future__ import annotations

from bank_escrow.domain.lifecycle import INSTRUCTION
from bank_escrow.models import DepositRequirement, ForfeitAccount, Instruction
from core.verdicts import ALLOWED, Verdict, refuse


def may_see_deposits(requirement: DepositRequirement) -> Verdict:
    """Say whether finance and oversight may know who paid for a lot, and that anybody did."""
    return ALLOWED if requirement.unsealed_at is not None else refuse("M-101")


def may_submit(order: Instruction, *, content_sha: str) -> Verdict:
    """Say whether an order can be put forward."""
    return _in_state(order, "submit") and _as_seen(order, content_sha)


def may_approve(order: Instruction, *, actor: str, content_sha: str) -> Verdict:
    """Say whether this person may approve or send back an order."""
    if (state := _in_state(order, "approve")) and actor == order.maker:
        return refuse("M-201")
    return state and _as_seen(order, content_sha)


def may_release(order: Instruction, *, actor: str, content_sha: str) -> Verdict:
    """Say whether this person may release an approved order."""
    if order.state != Instruction.State.APPROVED or not order.needs_release or order.releaser:
        return refuse("M-203", state=order.state)
    if actor in {order.maker, order.checker}:
        return refuse("M-201")
    return _as_seen(order, content_sha)


def may_confirm_account(account: ForfeitAccount, *, actor: str) -> Verdict:
    """Say whether this person may confirm where forfeited money goes."""
    if account.checker or actor == account.maker:
        return refuse("M-304")
    return ALLOWED


def _in_state(order: Instruction, act: str) -> Verdict:
    return ALLOWED if INSTRUCTION.can(order.state, act) else refuse("M-203", state=order.state)


def _as_seen(order: Instruction, content_sha: str) -> Verdict:
    # What was signed must be what stands here, not what stood on a page opened an hour ago.
    return ALLOWED if content_sha == order.content_sha else refuse("M-202")
