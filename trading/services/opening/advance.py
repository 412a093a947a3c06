"""The one button of the desk: end this stage and do what the next one begins with."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from audit.services import record
from core.verdicts import Verdict
from trading.domain.opening_stages import following
from trading.events.opening import ReadOut, RecordDrawn
from trading.models import Bid, Opening
from trading.policies.opening import may_advance, runs
from trading.selectors.streams import lot_public
from trading.services.opening import answers, kept, record_sheet, seating, windows
from trading.services.opening.state import enter, fail, lapse, locked, move_lot, timer


def advance(*, lot_id: UUID, expected: str, actor: str, now: datetime) -> Opening:
    """End the stage the host's button was drawn for; `O-102` if it ended already."""
    opening = locked(lot_id)
    verdict(opening, expected=expected, now=now).or_raise()
    _LEAVE.get(expected, _nothing)(opening, actor=actor, now=now)
    _ENTER[following(opening.stages, expected)](opening, actor=actor, now=now)
    return opening


def verdict(opening: Opening, *, expected: str, now: datetime) -> Verdict:
    """Say whether the button drawn for a stage may be pressed now; the desk shows it before."""
    return may_advance(
        opening=opening,
        expected=expected,
        waiting=waiting(opening.pk),
        unanswered=opening.objections.filter(answered_at__isnull=True).count(),
        silent=opening.seats.filter(party__record_answer__isnull=True, bid__state="OPENED").count(),
        now=now,
    )


def waiting(lot_id: UUID) -> int:
    """Count the bids whose owner has not released yet."""
    return Bid.objects.filter(lot_id=lot_id, state="SEALED").count()


def end_window(*, lot_id: UUID, now: datetime) -> bool:
    """Close the bidders' window when its time is up, whoever is or is not watching."""
    opening = locked(lot_id)
    over = opening.decrypt_ends_at is not None and now >= opening.decrypt_ends_at
    if opening.stage != "DECRYPT_BIDDER" or not over or not runs(opening):
        return False
    actor = "system:clock"
    _leave_window(opening, actor=actor, now=now)
    _enter_host_window(opening, actor=actor, now=now)
    return True


def open_lobby(*, lot_id: UUID, now: datetime) -> bool:
    """Open sign-in an hour before the deadline."""
    opening = locked(lot_id)
    if opening.stage != "LOBBY":
        return False
    enter(opening, "SIGN_IN", actor="system:clock", now=now)
    return True


def _nothing(opening: Opening, *, actor: str, now: datetime) -> None:
    """Most stages leave nothing behind."""


def _leave_window(opening: Opening, *, actor: str, now: datetime) -> None:
    """Whoever did not release by now revokes its bid (EBM20 Art. 31: bidder's cause).

    A bid whose header the platform altered could not have been released: that is not its cause.
    """
    windows.end_period(opening, now=now)
    sealed = Bid.objects.filter(lot_id=opening.lot_id, state="SEALED").select_related("seat")
    for bid in sealed.order_by("seat__number"):
        if kept.header_of(bid) is None:
            code, attribution = kept.ALTERED, "not_bidder"
        elif bid.shares.filter(label="bidder", valid=False).exists():
            code, attribution = "WRONG_KEY", "bidder"
        else:
            code, attribution = "NO_RELEASE", "bidder"
        lapse(opening, bid, code=code, attribution=attribution, actor=actor, now=now)


def _leave_confirm(opening: Opening, *, actor: str, now: datetime) -> None:
    answers.note_silence(opening, actor=actor, now=now)


def _enter_start(opening: Opening, *, actor: str, now: datetime) -> None:
    move_lot(opening.lot, "start")
    opening.started_at = now
    opening.save(update_fields=["started_at"])
    enter(opening, "START", actor=actor, now=now)


def _enter_count(opening: Opening, *, actor: str, now: datetime) -> None:
    enter(opening, "COUNT_CHECK", actor=actor, now=now)
    if seating.count(opening, actor=actor, now=now) < seating.MINIMUM_BIDS:
        fail(opening, code="FAILED_LT3", now=now)


def _enter_list(opening: Opening, *, actor: str, now: datetime) -> None:
    enter(opening, "LIST", actor=actor, now=now)
    seating.publish_list(opening, actor=actor, now=now)


def _enter_deposit(opening: Opening, *, actor: str, now: datetime) -> None:
    enter(opening, "DEPOSIT", actor=actor, now=now)
    seating.show_deposits(opening, actor=actor, now=now)


def _enter_window(opening: Opening, *, actor: str, now: datetime) -> None:
    ends_at = timer(opening.lot.tender.decrypt_minutes, now=now)
    windows.begin_period(opening, ends_at=ends_at, reason="", now=now)
    enter(opening, "DECRYPT_BIDDER", actor=actor, now=now, ends_at=ends_at)


def _enter_host_window(opening: Opening, *, actor: str, now: datetime) -> None:
    enter(opening, "DECRYPT_TENDERER", actor=actor, now=now)
    if not Bid.objects.filter(lot_id=opening.lot_id, state="RELEASED").exists():
        enter_recount(opening, actor=actor, now=now)


def enter_recount(opening: Opening, *, actor: str, now: datetime) -> None:
    """Count again what could be opened; fewer than three end the lot.

    Track G by MOF87 Art. 43, track T by the documents (domain handbook §7.1 row 10).
    """
    opening.opened_at = now
    opening.save(update_fields=["opened_at"])
    enter(opening, "RECOUNT", actor=actor, now=now)
    opened = Bid.objects.filter(lot_id=opening.lot_id, state="OPENED").count()
    if opened < seating.MINIMUM_BIDS:
        fail(opening, code="FAILED_LT3_OPENED", now=now)


def _enter_read_out(opening: Opening, *, actor: str, now: datetime) -> None:
    enter(opening, "READ_OUT", actor=actor, now=now)
    lines = [record_sheet.line(row) for row in record_sheet.rows(opening)]
    record(
        stream=lot_public(opening.lot),
        event=ReadOut(ceiling_fen=opening.lot.ceiling_fen, lines=lines),
        actor=actor,
        now=now,
    )


def _enter_objection(opening: Opening, *, actor: str, now: datetime) -> None:
    opening.objection_ends_at = timer(opening.lot.tender.objection_minutes, now=now)
    opening.save(update_fields=["objection_ends_at"])
    enter(opening, "OBJECTION", actor=actor, now=now, ends_at=opening.objection_ends_at)


def _enter_confirm(opening: Opening, *, actor: str, now: datetime) -> None:
    opening.confirm_ends_at = timer(opening.lot.tender.confirm_minutes, now=now)
    opening.record_hash = record_sheet.digest(opening)
    opening.save(update_fields=["confirm_ends_at", "record_hash"])
    enter(opening, "CONFIRM", actor=actor, now=now, ends_at=opening.confirm_ends_at)
    record(
        stream=lot_public(opening.lot),
        event=RecordDrawn(record_hash=opening.record_hash),
        actor=actor,
        now=now,
    )


def _enter_sign(opening: Opening, *, actor: str, now: datetime) -> None:
    enter(opening, "SIGN", actor=actor, now=now)


_LEAVE = {"DECRYPT_BIDDER": _leave_window, "CONFIRM": _leave_confirm}
_ENTER = {
    "START": _enter_start,
    "COUNT_CHECK": _enter_count,
    "LIST": _enter_list,
    "DEPOSIT": _enter_deposit,
    "DECRYPT_BIDDER": _enter_window,
    "DECRYPT_TENDERER": _enter_host_window,
    "READ_OUT": _enter_read_out,
    "OBJECTION": _enter_objection,
    "CONFIRM": _enter_confirm,
    "SIGN": _enter_sign,
}
