"""The acts on rooms and on the calendar."""

from __future__ import annotations

from venues.services.booking import book, move, release
from venues.services.calendar import approve_emergency, arrange_year, close_day
from venues.services.rooms import add_room

__all__ = [
    "add_room",
    "approve_emergency",
    "arrange_year",
    "book",
    "close_day",
    "move",
    "release",
]
