"""What may be read of days, rooms and bookings."""

from __future__ import annotations

from venues.selectors.bookings import booking, bookings_between, free_rooms
from venues.selectors.days import bookable, calendar, day_at, days, is_open
from venues.selectors.slots import Slot, free_slots, next_bookable

__all__ = [
    "Slot",
    "bookable",
    "booking",
    "bookings_between",
    "calendar",
    "day_at",
    "days",
    "free_rooms",
    "free_slots",
    "is_open",
    "next_bookable",
]
