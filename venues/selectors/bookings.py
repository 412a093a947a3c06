"""Bookings as others see them, and rooms that are free."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import Centre
from venues.domain.days import BUFFER
from venues.models import Booking, Room


def booking(booking_id: UUID) -> Booking | None:
    """Return a live booking."""
    return (
        Booking.objects.select_related("room")
        .filter(pk=booking_id, released_at__isnull=True)
        .first()
    )


def bookings_between(*, centre: Centre, starts_at: datetime, ends_at: datetime) -> list[Booking]:
    """Return the live bookings of a centre that touch a span, by room and time."""
    return list(
        Booking.objects.select_related("room")
        .filter(
            room__centre=centre,
            released_at__isnull=True,
            starts_at__lt=ends_at,
            ends_at__gt=starts_at,
        )
        .order_by("room__kind", "room__name", "starts_at")
    )


def free_rooms(
    *,
    centre: Centre,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    seats: int = 0,
    but: UUID | None = None,
) -> Sequence[Room]:
    """Return the rooms free in a span, buffer included; `but` is a booking to look past."""
    taken = Booking.objects.filter(
        room__centre=centre,
        released_at__isnull=True,
        starts_at__lt=ends_at + BUFFER,
        busy_until__gt=starts_at,
    )
    if but is not None:
        taken = taken.exclude(pk=but)
    rooms = Room.objects.filter(centre=centre, kind=kind, in_use=True, seats__gte=seats)
    return list(rooms.exclude(pk__in=taken.values("room_id")).order_by("name"))
