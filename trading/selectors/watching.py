"""What goes on in the openings of a centre: for the day board and for supervisors.

Everything here is said by the hall itself; before the list nothing depends on bidders.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.zone import SHANGHAI
from trading.models import Opening
from trading.policies.opening import names_are_public
from venues.models import Booking, Room
from venues.selectors.bookings import bookings_between

_OVER = ("END", "FAILED")
_SOON = timedelta(minutes=30)
_SHOWN = timedelta(days=7)
_UNRELEASED: Mapping[str, Promise] = {
    "NO_RELEASE": _("%(seat)s 号没有在时间内解密"),
    "WRONG_KEY": _("%(seat)s 号密钥不符，没有解密"),
    "HOST_BOX": _("%(seat)s 号：招标人称其密钥份额无法取出，原因待查，不归因于投标人"),
    "STORED_ALTERED": _("%(seat)s 号：平台保存的文件与回执不一致，非投标人原因"),
    "STORED_LOST": _("%(seat)s 号：平台保存的文件无法读取，非投标人原因"),
    "NOT_WRITTEN": _("%(seat)s 号：开标一览表未能写入平台，非投标人原因"),
    "FORM_VERSION": _("%(seat)s 号：密封的开标一览表对应另一版招标文件"),
}
_OTHERWISE = _("%(seat)s 号未解密（%(code)s）")
OPENS_AT, CLOSES_AT = 8, 20  # the hours the board shows
SLOTS_AN_HOUR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something a person must look at: in which opening, what, since when."""

    opening: Opening
    level: str  # "failed", "todo", "paused"
    text: str | Promise
    word: str | Promise = ""  # on the chip, where the level's own would mislead


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A piece of a room's day: so many half hours, booked or free."""

    span: int
    booking: Booking | None = None
    opening: Opening | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDay:
    """A room and its day."""

    room: Room
    slots: Sequence[Slot]


def deadline(opening: Opening) -> datetime:
    """Return the deadline of a published lot, which has one."""
    assert opening.lot.deadline_at is not None
    return opening.lot.deadline_at


def openings(centres: Collection[str], *, now: datetime) -> list[Opening]:
    """Return published openings near now: running first, then the next, then those just over."""
    return _in_order(_published().filter(_near(now), lot__tender__centre_id__in=centres), now=now)


def hosted(*, firm: UUID | None, centres: Collection[str], now: datetime) -> list[Opening]:
    """Return the openings a side may run: its own, and near ones delegated to its centre.

    A side's own stay until they have ended, however far off they are.
    """
    own = Q(lot__tender__procuring_entity=firm) | Q(lot__tender__agency=firm)
    mine = own & (_near(now) | ~Q(stage__in=_OVER)) if firm else Q(pk__in=())
    lent = Q(delegated_to_centre=True, lot__tender__centre_id__in=centres) & _near(now)
    return _in_order(_published().filter(mine | lent).distinct(), now=now)


def _published() -> QuerySet[Opening]:
    found = Opening.objects.select_related("lot__tender__procuring_entity")
    return found.exclude(lot__state__in=["DRAFT", "DISCARDED"])


def _near(now: datetime) -> Q:
    return Q(lot__deadline_at__gte=now - _SHOWN, lot__deadline_at__lt=now + _SHOWN)


def _in_order(found: QuerySet[Opening], *, now: datetime) -> list[Opening]:
    return sorted(found, key=lambda one: (_rank(one, now), one.lot.deadline_at, one.lot.code))


def alerts(opening: Opening) -> list[Alert]:
    """Return what in one opening needs somebody."""
    found = []
    if opening.suspended_at is not None:
        text = _("开标暂停：%(reason)s") % {"reason": opening.suspension_reason}
        found.append(Alert(opening=opening, level="paused", text=text))
    if not names_are_public(opening.stage):
        return found
    for objection in opening.objections.filter(answered_at__isnull=True).select_related(
        "party__seat"
    ):
        text = _("%(seat)s 号提出异议，等待答复") % {"seat": objection.party.seat.number}
        found.append(Alert(opening=opening, level="todo", text=text))
    seats = opening.seats.select_related("bid")
    for seat in seats.filter(bid__state="UNRELEASED"):
        words = _UNRELEASED.get(seat.bid.state_code, _OTHERWISE)
        text = words % {"seat": seat.number, "code": seat.bid.state_code}
        found.append(Alert(opening=opening, level="failed", text=text, word=_("未解密")))
    tried = seats.filter(
        bid__state="SEALED", bid__shares__valid=False, bid__shares__label="bidder"
    ).distinct()
    for seat in tried:
        text = _("%(seat)s 号密钥不符，可以再试") % {"seat": seat.number}
        found.append(Alert(opening=opening, level="todo", text=text))
    return found


def needs(opening: Opening, *, now: datetime) -> list[Alert]:
    """Return what the day board says of an opening: its alerts, and whether a host is missing."""
    found = alerts(opening)
    deadline = opening.lot.deadline_at
    if deadline is None or opening.stage in _OVER:
        return found
    if opening.stage in {"LOBBY", "SIGN_IN"} and now >= deadline:
        found.append(Alert(opening=opening, level="todo", text=_("截止时间已到，尚未宣布开标")))
    elif not any(opening.staff.values()) and deadline - _SOON <= now:
        found.append(Alert(opening=opening, level="todo", text=_("尚未登记主持人和工作人员")))
    return found


def day_board(centre_code: str, *, day: datetime, known: Sequence[Opening]) -> list[RoomDay]:
    """Return each room of a centre with its day in half hours."""
    start = day.astimezone(SHANGHAI).replace(hour=OPENS_AT, minute=0, second=0, microsecond=0)
    end = start.replace(hour=CLOSES_AT)
    rooms = Room.objects.filter(centre_id=centre_code, in_use=True).select_related("centre")
    if not rooms:
        return []
    booked = bookings_between(centre=rooms[0].centre, starts_at=start, ends_at=end)
    of_tender = {one.lot.tender_id: one for one in reversed(known)}
    return [
        RoomDay(
            room=room,
            slots=_slots([b for b in booked if b.room_id == room.pk], of_tender, start=start),
        )
        for room in rooms
    ]


def _rank(opening: Opening, now: datetime) -> int:
    if opening.stage in _OVER:
        return 2
    deadline = opening.lot.deadline_at
    return 0 if deadline is not None and deadline - timedelta(hours=1) <= now else 1


def _slots(
    booked: Sequence[Booking], of_tender: Mapping[UUID, Opening], *, start: datetime
) -> list[Slot]:
    total = (CLOSES_AT - OPENS_AT) * SLOTS_AN_HOUR
    slots: list[Slot] = []
    at = 0
    for booking in sorted(booked, key=lambda one: one.starts_at):
        begins = max(at, _slot(booking.starts_at, start))
        ends = min(total, max(begins + 1, _slot(booking.ends_at, start)))
        if begins >= total:
            break
        slots += [Slot(span=1)] * (begins - at)
        opening = of_tender.get(booking.reference)
        slots.append(Slot(span=ends - begins, booking=booking, opening=opening))
        at = ends
    return slots + [Slot(span=1)] * (total - at)


def _slot(moment: datetime, start: datetime) -> int:
    return int((moment - start).total_seconds() // (3600 // SLOTS_AN_HOUR))
