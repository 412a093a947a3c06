"""The one time zone of the house: moments are stored in UTC and lived in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(instant: datetime) -> datetime:
    """Return the instant on the wall clock of Suzhou."""
    if instant.tzinfo is None:
        raise ValueError("a moment without a time zone has no place in law")
    return instant.astimezone(SHANGHAI)


def local_day(instant: datetime) -> date:
    """Return the calendar day in Suzhou on which the instant falls."""
    return local(instant).date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the instant at which the clock of Suzhou shows this day and time."""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)
