"""Rules of a panel that need no query."""

from __future__ import annotations

from core.verdicts import ALLOWED, Verdict, refuse
from evaluation.models import Panel, Seat
from trading.models import Lot
from trading.policies.opening import names_are_public

#: Lots that may have a panel drawn; while they are being opened, from the published list on.
TO_BE_JUDGED = ("OPENING", "OPENED", "EVALUATING")


def list_is_out(*, lot: Lot) -> bool:
    """Tell whether who bids for a lot has been read out; from then on avoidance may be asked."""
    if lot.state == "OPENING":
        return names_are_public(lot.opening.stage)
    return lot.state in TO_BE_JUDGED


def may_draw(*, lot: Lot) -> Verdict:
    """Say whether experts may be drawn for a lot now: the list is out, and there is no report.

    Not before: whom a draw leaves out, and what it is refused for, would tell who bids.
    """
    return ALLOWED if list_is_out(lot=lot) else refuse("S-010")


def may_answer(*, panel: Panel, seat: Seat) -> Verdict:
    """Say whether an invitation is still open."""
    if panel.state == "DISSOLVED" or seat.state != "NOTIFIED":
        return refuse("S-020")
    return ALLOWED


def may_check_in(*, panel: Panel, seat: Seat) -> Verdict:
    """Say whether a member may be let in now."""
    if panel.state != "FORMED":
        return refuse("S-021")
    return ALLOWED if seat.state == "ACCEPTED" else refuse("S-022")


def may_work(*, panel: Panel, lot: Lot, state: str) -> Verdict:
    """Say whether the panel is where this act belongs, and the lot handed over to it."""
    if lot.state != "EVALUATING":
        return refuse("S-030")
    return ALLOWED if panel.state == state else refuse("S-031", state=panel.state)


def may_lead(*, panel: Panel, seat: Seat) -> Verdict:
    """Say whether this member leads the panel."""
    return ALLOWED if panel.leader_id == seat.pk else refuse("S-032")


def may_read_result(*, panel: Panel) -> Verdict:
    """Say whether tenderer and supervisor may read the report: once it is delivered."""
    return ALLOWED if panel.state == "REPORTED" else refuse("S-070")
