"""Book a room, move a booking, give it back; the rooms of a centre are decided one at a time.

The lock on the rooms of a kind makes the choice; the exclusion constraint of the table is the
guarantee behind it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import Centre
from audit.services import record, record_all
from core.events import DomainEvent
from core.verdicts import Refusal
from core.zone import local_day
from venues import events
from venues.domain.days import BUFFER
from venues.models import Booking, Room
from venues.selectors.bookings import free_rooms
from venues.selectors.days import day_at


@transaction.atomic
def book(
    *,
    centre: Centre,
    kind: str,
    room_id: UUID | None,
    reference: UUID,
    purpose: str,
    starts_at: datetime,
    ends_at: datetime,
    actor: str,
    now: datetime,
    seats: int = 0,
) -> Booking:
    """Book the room, or any free one of the kind with so many seats.

    `V-010` closed that day, `V-011` none free, `V-012` in the past.
    """
    if starts_at <= now:
        raise Refusal("V-012", starts=starts_at)
    room = _take(centre, kind, room_id, starts_at, ends_at, seats=seats, but=None)
    made = Booking.objects.create(
        id=uuid4(),
        room=room,
        reference=reference,
        purpose=Booking.Purpose(purpose),
        starts_at=starts_at,
        ends_at=ends_at,
        busy_until=ends_at + BUFFER,
    )
    event = events.RoomBooked(
        booking=made.pk, purpose=purpose, starts_at=starts_at, ends_at=ends_at
    )
    record(stream=events.room(room.pk), event=event, actor=actor, now=now)
    return made


@transaction.atomic
def move(*, booking_id: UUID, starts_at: datetime, actor: str, now: datetime) -> Booking:
    """Move a booking to another start, into its own room if that is free, else into another.

    Whoever moves a deadline calls this in the same transaction: no room, no new deadline.
    """
    if starts_at <= now:
        raise Refusal("V-012", starts=starts_at)
    booking = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("room__centre")
        .get(pk=booking_id, released_at__isnull=True)
    )
    left = booking.room
    ends_at = starts_at + (booking.ends_at - booking.starts_at)
    booking.room = _take_again(booking, starts_at, ends_at)
    booking.starts_at, booking.ends_at = starts_at, ends_at
    booking.busy_until = ends_at + BUFFER
    booking.save(update_fields=["room", "starts_at", "ends_at", "busy_until"])
    event: DomainEvent = events.BookingMoved(
        booking=booking.pk, room=booking.room.pk, starts_at=starts_at, ends_at=ends_at
    )
    streams = sorted({events.room(left.pk), events.room(booking.room.pk)})
    record_all([(stream, event) for stream in streams], actor=actor, now=now)
    return booking


@transaction.atomic
def release(*, booking_id: UUID, actor: str, now: datetime) -> None:
    """Give a booking back; a booking given back already stays so."""
    live = Booking.objects.filter(pk=booking_id, released_at__isnull=True)
    if not live.update(released_at=now):
        return
    room = Booking.objects.values_list("room_id", flat=True).get(pk=booking_id)
    event = events.BookingReleased(booking=booking_id)
    record(stream=events.room(room), event=event, actor=actor, now=now)


def _take_again(booking: Booking, starts_at: datetime, ends_at: datetime) -> Room:
    room = booking.room
    try:
        return _take(room.centre, room.kind, room.pk, starts_at, ends_at, seats=0, but=booking.pk)
    except Refusal as refused:
        if refused.reason.code != "V-011":
            raise
    # Another room must hold as many as the one that was chosen.
    return _take(room.centre, room.kind, None, starts_at, ends_at, seats=room.seats, but=booking.pk)


def _take(
    centre: Centre,
    kind: str,
    room_id: UUID | None,
    starts_at: datetime,
    ends_at: datetime,
    *,
    seats: int,
    but: UUID | None,
) -> Room:
    """Choose a free room under the lock of the centre's rooms of this kind."""
    day = day_at(centre=centre, day=local_day(starts_at))
    if not day.is_open:
        raise Refusal("V-013" if day.closed_for else "V-010", day=day.day, reason=day.closed_for)
    list(
        Room.objects.select_for_update()
        .filter(centre=centre, kind=kind)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    free = free_rooms(
        centre=centre, kind=kind, starts_at=starts_at, ends_at=ends_at, seats=seats, but=but
    )
    for room in free:
        if room_id in {None, room.pk}:
            return room
    raise Refusal("V-011", starts=starts_at)
