"""Legal periods: what counts, where they end, and whether enough time was given.

民法典 第二百零一条, 第二百零三条: the starting day is not counted; a last day that is a statutory
rest day moves to the day after the rest; the last day ends at 24:00.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.workdays.calendar import PUBLISHED, Calendar
from core.zone import at

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """A reckoned day, and whether a holiday notice still to come may move it."""

    day: date
    provisional: bool


def enough_days(*, start: date, end: date, days: int) -> bool:
    """Say whether a minimum forward period is kept, the starting day not counted."""
    return (end - start).days >= days


def enough_working_days(
    *, start: date, end: date, days: int, calendar: Calendar = PUBLISHED
) -> bool:
    """Say whether a minimum forward period in working days is kept."""
    return calendar.working_days_between(start, end) >= days


def earliest_end(start: date, days: int) -> date:
    """Return the first day on which a minimum forward period is kept."""
    return start + _DAY * days


def period_end(start: date, days: int, *, calendar: Calendar = PUBLISHED) -> Reckoned:
    """Return the last day on which somebody may act within so many days after start.

    This is the end of a period that binds (answer within 3 days), not a minimum.
    """
    last = start + _DAY * days
    moved = calendar.first_working_day(last)
    return Reckoned(day=moved, provisional=calendar.spans_provisional(last, moved))


def working_period_end(start: date, days: int, *, calendar: Calendar = PUBLISHED) -> Reckoned:
    """Return the last day of a period of working days after start."""
    last = calendar.add_working_days(start, days)
    return Reckoned(day=last, provisional=calendar.spans_provisional(start, last))


def ends_at(day: date) -> datetime:
    """Return the instant at which a day is over: what binds by that day comes before it."""
    return at(day + _DAY)


def enough_before(*, act_at: datetime, deadline_at: datetime, days: int) -> bool:
    """Say whether an act came at least so many days before a deadline, instant by instant."""
    return act_at <= latest_before(deadline_at, days)


def latest_before(deadline_at: datetime, days: int) -> datetime:
    """Return the last instant that lies so many days before a deadline."""
    return deadline_at - _DAY * days


def earliest_deadline(act_at: datetime, days: int) -> datetime:
    """Return the first deadline that leaves so many days after an act."""
    return act_at + _DAY * days
