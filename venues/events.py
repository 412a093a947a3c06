"""What happens to rooms and to the calendar: streams `room/<uuid>` and `calendar/<centre>`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from core.events import DomainEvent


def room(subject: UUID) -> str:
    """Name the stream of a room."""
    return f"room/{subject}"


def calendar(centre: str) -> str:
    """Name the stream of a centre's calendar."""
    return f"calendar/{centre}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomBooked(DomainEvent):
    """A room was booked."""

    name: ClassVar[str] = "venue.booked"
    booking: UUID
    purpose: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMoved(DomainEvent):
    """A booking was moved in time, perhaps into another room; both rooms have the event."""

    name: ClassVar[str] = "venue.moved"
    booking: UUID
    room: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingReleased(DomainEvent):
    """A booking was given back."""

    name: ClassVar[str] = "venue.released"
    booking: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyApproved(DomainEvent):
    """An emergency opening on a closed day was approved; `number` is that of the approval."""

    name: ClassVar[str] = "calendar.emergency_approved"
    day: date
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosed(DomainEvent):
    """A centre takes no new bookings on a day."""

    name: ClassVar[str] = "calendar.day_closed"
    day: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearArranged(DomainEvent):
    """A year's published holiday arrangement was loaded, for every centre of the installation."""

    name: ClassVar[str] = "calendar.year_arranged"
    year: int
    off: str
    worked: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomAdded(DomainEvent):
    """A centre has one room more."""

    name: ClassVar[str] = "venue.room_added"
    room: UUID
    kind: str
    seats: int
