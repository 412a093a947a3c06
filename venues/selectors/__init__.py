"""What may be read of rooms and bookings."""

from __future__ import annotations

from venues.selectors.bookings import booking, bookings_between, free_rooms, is_open

__all__ = ["booking", "bookings_between", "free_rooms", "is_open"]
