"""The opening hall: who may do what at which stage; pure answers."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from core.verdicts import ALLOWED, Verdict, refuse
from trading.domain.opening_stages import BY_CODE
from trading.models import Opening, Tender

_BEFORE_LIST = frozenset({"LOBBY", "SIGN_IN", "START", "COUNT_CHECK"})
_BEFORE_START = frozenset({"LOBBY", "SIGN_IN"})
_RUNS = frozenset({"CLOSED", "OPENING"})  # the lot's states in which its opening goes on
_OBJECTION_STAGES = frozenset({"READ_OUT", "OBJECTION"})


def may_host(
    *,
    tender: Tender,
    opening: Opening,
    organisation_id: UUID | None,
    opening_centres: AbstractSet[str],
) -> Verdict:
    """Say whether this side runs the desk: the tenderer, its agency, or the centre if delegated."""
    if organisation_id is not None and organisation_id in {
        tender.procuring_entity_id,
        tender.agency_id,
    }:
        return ALLOWED
    if opening.delegated_to_centre and tender.centre_id in opening_centres:
        return ALLOWED
    return refuse("O-100")


def may_advance(
    *,
    opening: Opening,
    expected: str,
    waiting: int,
    unanswered: int,
    silent: int,
    now: datetime,
) -> Verdict:
    """Say whether the host may end the stage the button was drawn for.

    `waiting` bids have not been released, `unanswered` objections wait for the host, `silent`
    bidders have not answered the record.
    """
    if not (running := runs(opening)):
        return running
    if opening.stage != expected:
        return refuse("O-102", stage=opening.stage)
    if BY_CODE[opening.stage].leaves_by != "host":
        return refuse("O-103", stage=opening.stage)
    if opening.stage == "DECRYPT_BIDDER" and waiting and _running(opening.decrypt_ends_at, now):
        return refuse("O-105", waiting=waiting, ends=opening.decrypt_ends_at)
    if opening.stage == "OBJECTION":
        if unanswered:
            return refuse("O-106", unanswered=unanswered)
        if _running(opening.objection_ends_at, now):
            return refuse("O-107", ends=opening.objection_ends_at)
    if opening.stage == "CONFIRM" and silent and _running(opening.confirm_ends_at, now):
        return refuse("O-108", silent=silent, ends=opening.confirm_ends_at)
    return ALLOWED


def may_release(*, opening: Opening, now: datetime) -> Verdict:
    """Say whether a bidder may release its share: inside the window, never before the hour."""
    if opening.stage != "DECRYPT_BIDDER":
        return refuse("O-110")
    if not (running := runs(opening)):
        return running
    if not _running(opening.decrypt_ends_at, now):
        return refuse("O-111", ends=opening.decrypt_ends_at)
    return ALLOWED


def may_release_host(*, opening: Opening, released: bool) -> Verdict:
    """Say whether the host may act: once, after every bidder released or the window closed."""
    if opening.stage != "DECRYPT_TENDERER":
        return refuse("O-112")
    if not (running := runs(opening)):
        return running
    return ALLOWED if not released else refuse("O-124")


def may_reopen(*, opening: Opening, released: bool, lapsed: int) -> Verdict:
    """Say whether the window may be opened once more: after it closed, before the host released.

    `lapsed` bids stayed sealed because their owner did not release.
    """
    if opening.stage != "DECRYPT_TENDERER" or released:
        return refuse("O-126")
    if not (running := runs(opening)):
        return running
    return ALLOWED if lapsed else refuse("O-127")


def may_object(*, opening: Opening) -> Verdict:
    """Say whether a bidder may object to the opening now (TBR Art. 44: on the spot)."""
    if opening.stage not in _OBJECTION_STAGES:
        return refuse("O-113")
    return runs(opening)


def may_answer_record(*, opening: Opening, now: datetime) -> Verdict:
    """Say whether a bidder may confirm the record now."""
    if opening.stage != "CONFIRM":
        return refuse("O-114")
    if not (running := runs(opening)):
        return running
    return ALLOWED if _running(opening.confirm_ends_at, now) else refuse("O-114")


def may_sign_record(*, opening: Opening) -> Verdict:
    """Say whether the host may sign the record and end the opening now."""
    if opening.stage != "SIGN":
        return refuse("O-102", stage=opening.stage)
    return runs(opening)


def may_call(*, opening: Opening) -> Verdict:
    """Say whether a bidder may call the host: a call tells that somebody bids, and who."""
    if opening.stage == "FAILED":  # with a list or without: a lot may end before anybody is named
        return ALLOWED if opening.seats.exists() else refuse("O-122")
    return ALLOWED if names_are_public(opening.stage) else refuse("O-122")


def runs(opening: Opening) -> Verdict:
    """Say whether the opening goes on: closed for bids, not suspended, its lot not ended."""
    if opening.suspended_at is not None:
        return refuse("O-101")
    if opening.lot.state in _RUNS:
        return ALLOWED
    return refuse("O-104" if opening.stage in _BEFORE_START else "O-123")


def names_are_public(stage: str) -> bool:
    """Tell whether bidders may be named in the hall at this stage."""
    return stage not in _BEFORE_LIST


def _running(ends_at: datetime | None, now: datetime) -> bool:
    return ends_at is not None and now < ends_at
