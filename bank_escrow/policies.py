"""May this person do this now: four eyes, above a sum six, and only on the content seen."""

from __future__ import annotations

from bank_escrow.domain.lifecycle import INSTRUCTION, PROPOSAL
from bank_escrow.models import DepositRequirement, Instruction, Proposal
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


def may_confirm(proposal: Proposal, *, actor: str, content_sha: str) -> Verdict:
    """Say whether this person may confirm what another has proposed."""
    verdict = may_end(proposal, actor=actor, act="confirm")
    return verdict and (ALLOWED if content_sha == proposal.content_sha else refuse("M-603"))


def may_end(proposal: Proposal, *, actor: str, act: str) -> Verdict:
    """Say whether this person may decide on a proposal: its own is taken back, another's not."""
    if not PROPOSAL.can(proposal.state, act):
        return refuse("M-602", state=proposal.state)
    is_own = actor == proposal.proposed_by
    if is_own == (act == "withdraw"):
        return ALLOWED
    return refuse("M-601") if is_own else refuse("M-605")


def may_resolve(source: Instruction | None) -> Verdict:
    """Say whether people may close a break: not while the order it is about is in doubt.

    That doubt has ways of its own to end, and a closed break would hide that none has.
    """
    if source is not None and source.state in _IN_DOUBT:
        return refuse("M-606", state=source.state)
    return ALLOWED


_IN_DOUBT = frozenset(
    {
        Instruction.State.SENDING,
        Instruction.State.PROCESSING,
        Instruction.State.UNKNOWN,
        Instruction.State.ABSENT,
        Instruction.State.BREAK,
    }
)


def _in_state(order: Instruction, act: str) -> Verdict:
    return ALLOWED if INSTRUCTION.can(order.state, act) else refuse("M-203", state=order.state)


def _as_seen(order: Instruction, content_sha: str) -> Verdict:
    # What was signed must be what stands here, not what stood on a page opened an hour ago.
    return ALLOWED if content_sha == order.content_sha else refuse("M-202")
