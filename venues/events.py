"""What happens to rooms; on the stream `room/<uuid>`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomBooked(DomainEvent):
    """A room was booked."""

    name: ClassVar[str] = "venue.booked"
    booking: UUID
    purpose: str
    starts_at: str
    ends_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMoved(DomainEvent):
    """A booking was moved to another time, perhaps into another room."""

    name: ClassVar[str] = "venue.moved"
    booking: UUID
    starts_at: str
    ends_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingReleased(DomainEvent):
    """A booking was given back."""

    name: ClassVar[str] = "venue.released"
    booking: UUID
