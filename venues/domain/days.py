"""What a day is to a centre: open as usual, by the Saturday service, by approval, or shut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.workdays import Calendar, Service, service_on
from core.zone import at

BUFFER = timedelta(minutes=15)  # between two bookings of one room, domain §16.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day, why the centre serves on it, and whether a later notice may still change that."""

    day: date
    service: Service
    provisional: bool
    closed_for: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something can be booked."""
        return self.service is not Service.CLOSED


def judge(
    day: date,
    *,
    calendar: Calendar,
    strict_law_holidays: bool,
    emergency: str = "",
    closed_for: str = "",
) -> Day:
    """Return what a day is; a closure of the centre goes before everything else."""
    service = service_on(
        day,
        emergency_approval=emergency or None,
        strict_law_holidays=strict_law_holidays,
        calendar=calendar,
    )
    return Day(
        day=day,
        service=Service.CLOSED if closed_for else service,
        provisional=calendar.is_provisional(day),
        closed_for=closed_for,
    )


def starts_on(day: date, *, slots: Sequence[time]) -> tuple[datetime, ...]:
    """Return the instants at which bookings usually start on a day, the earliest first."""
    return tuple(at(day, slot.hour, slot.minute) for slot in sorted(slots))


def read_slots(texts: Sequence[str]) -> tuple[time, ...]:
    """Read `09:00` and the like."""
    return tuple(time.fromisoformat(text) for text in texts)
