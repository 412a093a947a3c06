"""Tables of venues: rooms, bookings, the calendar's local decisions."""

from __future__ import annotations

from venues.models.booking import Booking
from venues.models.calendar import ArrangedYear, Closure, EmergencyApproval
from venues.models.room import Room

__all__ = ["ArrangedYear", "Booking", "Closure", "EmergencyApproval", "Room"]
