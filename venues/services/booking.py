"""Book a room, move a booking, give it back; the rooms of a centre are decided one at a time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import Centre
from audit.services import record
from core.events import moment
from core.verdicts import Refusal
from core.zone import local_day
from venues.events import BookingMoved, BookingReleased, RoomBooked
from venues.models import Booking, Room
from venues.selectors.bookings import free_rooms, is_open


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
) -> Booking:
    """Book the room, or any free one of the kind; `V-010` closed that day, `V-011` none free."""
    room = _take(centre, kind, room_id, starts_at, ends_at, but=None)
    made = Booking.objects.create(
        id=uuid4(),
        room=room,
        reference=reference,
        purpose=purpose,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    record(
        stream=f"room/{room.pk}",
        event=RoomBooked(
            booking=made.pk,
            purpose=purpose,
            starts_at=moment(starts_at),
            ends_at=moment(ends_at),
        ),
        actor=actor,
        now=now,
    )
    return made


@transaction.atomic
def move(*, booking_id: UUID, starts_at: datetime, actor: str, now: datetime) -> Booking:
    """Move a booking to another start, into its own room if that is free, else into another."""
    booking = (
        Booking.objects.select_for_update(of=("self",))
        .select_related("room__centre")
        .get(pk=booking_id, released_at__isnull=True)
    )
    ends_at = starts_at + (booking.ends_at - booking.starts_at)
    centre, kind = booking.room.centre, booking.room.kind
    try:
        room = _take(centre, kind, booking.room_id, starts_at, ends_at, but=booking.pk)
    except Refusal as refused:
        if refused.reason.code != "V-011":
            raise
        room = _take(centre, kind, None, starts_at, ends_at, but=booking.pk)
    booking.room, booking.starts_at, booking.ends_at = room, starts_at, ends_at
    booking.save(update_fields=["room", "starts_at", "ends_at"])
    record(
        stream=f"room/{room.pk}",
        event=BookingMoved(
            booking=booking.pk, starts_at=moment(starts_at), ends_at=moment(ends_at)
        ),
        actor=actor,
        now=now,
    )
    return booking


@transaction.atomic
def release(*, booking_id: UUID, actor: str, now: datetime) -> None:
    """Give a booking back; a booking given back already stays so."""
    booking = Booking.objects.filter(pk=booking_id, released_at__isnull=True).first()
    if booking is None:
        return
    Booking.objects.filter(pk=booking_id).update(released_at=now)
    record(
        stream=f"room/{booking.room_id}",
        event=BookingReleased(booking=booking_id),
        actor=actor,
        now=now,
    )


def _take(
    centre: Centre,
    kind: str,
    room_id: UUID | None,
    starts_at: datetime,
    ends_at: datetime,
    *,
    but: UUID | None,
) -> Room:
    """Choose a free room under the lock of the centre's rooms of this kind."""
    if not is_open(centre=centre, day=local_day(starts_at)):
        raise Refusal("V-010", day=local_day(starts_at))
    list(
        Room.objects.select_for_update()
        .filter(centre=centre, kind=kind)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    free = free_rooms(centre=centre, kind=kind, starts_at=starts_at, ends_at=ends_at, but=but)
    for room in free:
        if room_id in {None, room.pk}:
            return room
    raise Refusal("V-011", starts=starts_at)
