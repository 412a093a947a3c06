"""On which days the trading centre opens bids: working days and some Saturdays.

The Saturday service covers high summer and the turn of the year, when works tenders crowd. It
does not make a Saturday a working day: statutory periods never see it.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from core.workdays.calendar import PUBLISHED, Calendar

_SATURDAY = 5
# Both windows are inclusive; the second runs across New Year.
_SUMMER = ((7, 1), (9, 1))
_WINTER = ((11, 15), (1, 10))


class Service(StrEnum):
    """Why the centre is open on a day, or that it is not."""

    WORKING_DAY = "WORKING_DAY"
    SATURDAY = "SATURDAY"
    EMERGENCY = "EMERGENCY"
    CLOSED = "CLOSED"


def service_on(
    day: date,
    *,
    emergency_approval: str | None = None,
    strict_law_holidays: bool = False,
    calendar: Calendar = PUBLISHED,
) -> Service:
    """Return why the centre serves on a day.

    An approved emergency opening (the approval's number) opens any Saturday, a holiday too. With
    `strict_law_holidays` only the days fixed by law close a Saturday of the windows; without it
    the whole arranged holiday does.
    """
    if calendar.is_working_day(day):
        return Service.WORKING_DAY
    if day.weekday() != _SATURDAY:
        return Service.CLOSED
    if emergency_approval:
        return Service.EMERGENCY
    if calendar.is_holiday(day, by_law_only=strict_law_holidays):
        return Service.CLOSED
    mark = (day.month, day.day)
    in_summer = _SUMMER[0] <= mark <= _SUMMER[1]
    in_winter = mark >= _WINTER[0] or mark <= _WINTER[1]
    return Service.SATURDAY if in_summer or in_winter else Service.CLOSED


def open_for_business(
    day: date,
    *,
    emergency_approval: str | None = None,
    strict_law_holidays: bool = False,
    calendar: Calendar = PUBLISHED,
) -> bool:
    """Say whether an opening or an evaluation can be booked on a day."""
    service = service_on(
        day,
        emergency_approval=emergency_approval,
        strict_law_holidays=strict_law_holidays,
        calendar=calendar,
    )
    return service is not Service.CLOSED


def first_open_day(
    day: date, *, strict_law_holidays: bool = False, calendar: Calendar = PUBLISHED
) -> date:
    """Return the day itself or the first day after it on which the centre is open."""
    while not open_for_business(day, strict_law_holidays=strict_law_holidays, calendar=calendar):
        day += timedelta(days=1)
    return day
