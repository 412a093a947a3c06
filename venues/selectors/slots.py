"""When something can start: the usual slots of open days that have a room free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from accounts.models import Centre
from core.zone import at, local_day
from venues.domain.days import BUFFER, read_slots, starts_on
from venues.models import Booking, Room
from venues.selectors.days import days

USUAL_LENGTH = timedelta(hours=2)
# A search that runs out of this many days says so rather than look through the century.
HORIZON = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A start, and how many rooms of the kind are still free for it."""

    starts_at: datetime
    free: int


def free_slots(
    *,
    centre: Centre,
    kind: str,
    first: date,
    last: date,
    length: timedelta = USUAL_LENGTH,
    seats: int = 0,
) -> list[Slot]:
    """Return every usual start in a span of days at which a room of the kind is free."""
    return [
        slot
        for slot in _slots(
            centre=centre, kind=kind, first=first, last=last, length=length, seats=seats
        )
        if slot.free
    ]


def next_bookable(
    after: datetime,
    *,
    centre: Centre,
    kind: str = Room.Kind.OPENING,
    length: timedelta = USUAL_LENGTH,
    seats: int = 0,
) -> datetime | None:
    """Return the first usual start at or after an instant at which a room is free.

    `None` when there is none within four months: then the centre has no such room, or none left.
    """
    first = local_day(after)
    found = _slots(
        centre=centre,
        kind=kind,
        first=first,
        last=first + timedelta(days=HORIZON),
        length=length,
        seats=seats,
    )
    return next((slot.starts_at for slot in found if slot.free and slot.starts_at >= after), None)


def _slots(
    *, centre: Centre, kind: str, first: date, last: date, length: timedelta, seats: int
) -> Iterator[Slot]:
    rooms = Room.objects.filter(centre=centre, kind=kind, in_use=True, seats__gte=seats)
    ids = set(rooms.values_list("id", flat=True))
    taken = list(
        Booking.objects.filter(
            room__in=ids,
            released_at__isnull=True,
            starts_at__lt=at(last + timedelta(days=1)) + length + BUFFER,
            busy_until__gt=at(first),
        ).values_list("room_id", "starts_at", "busy_until")
    )
    slots = read_slots(settings.VENUE_SLOTS)
    for day in days(centre=centre, first=first, last=last):
        if not day.is_open:
            continue
        for start in starts_on(day.day, slots=slots):
            until = start + length + BUFFER
            busy = {room for room, begins, ends in taken if begins < until and ends > start}
            yield Slot(starts_at=start, free=len(ids - busy))
