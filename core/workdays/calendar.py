"""Working days: Monday to Friday, less arranged holidays, plus days worked in exchange.

A year whose arrangement is not published counts weekends only and is provisional; so do the last
days of December while the next year is unknown, because its notice may still move them. Whoever
uses a provisional day must say so on the page and on the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from core.workdays.arrangements import PUBLISHED_YEARS, Year
from core.workdays.statutory import is_law_holiday

_SATURDAY = 5
_DAY = timedelta(days=1)
# No New Year arrangement has reached back before the last week of December.
_UNSETTLED_FROM = (12, 25)


class Kind(StrEnum):
    """What sort of day a day is."""

    WORK = "WORK"
    REST = "REST"
    HOLIDAY = "HOLIDAY"
    MAKEUP = "MAKEUP"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The published years, and the reckoning of working days over them."""

    years: Mapping[int, Year]

    def __post_init__(self) -> None:
        object.__setattr__(self, "years", MappingProxyType(dict(self.years)))

    def with_year(self, year: int, arrangement: Year) -> Calendar:
        """Return a calendar that knows one year more, or knows it better."""
        return Calendar({**self.years, year: arrangement})

    def kind(self, day: date) -> Kind:
        """Return what sort of day it is."""
        year = self.years.get(day.year)
        if year is not None and day in year.makeups:
            return Kind.MAKEUP
        if year is not None and day in year.holidays:
            return Kind.HOLIDAY
        return Kind.REST if day.weekday() >= _SATURDAY else Kind.WORK

    def is_provisional(self, day: date) -> bool:
        """Say whether a later notice may still change this day."""
        if day.year not in self.years:
            return True
        return day.year + 1 not in self.years and (day.month, day.day) >= _UNSETTLED_FROM

    def is_working_day(self, day: date) -> bool:
        """Say whether the day is a 工作日."""
        return self.kind(day) in {Kind.WORK, Kind.MAKEUP}

    def is_holiday(self, day: date, *, by_law_only: bool = False) -> bool:
        """Say whether the day is a holiday: of the whole arrangement, or only by the law itself.

        A day fixed by law is a holiday even in a year without an arrangement.
        """
        if is_law_holiday(day):
            return True
        return not by_law_only and self.kind(day) is Kind.HOLIDAY

    def add_working_days(self, day: date, count: int) -> date:
        """Return the count-th working day after the day, or before it if the count is negative.

        The starting day is not counted; a count of zero returns it unchanged.
        """
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after start up to and including end; negative backwards."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + _DAY * n for n in range(1, (end - start).days + 1))
        return sum(1 for day in days if self.is_working_day(day))

    def first_working_day(self, day: date) -> date:
        """Return the day itself or the first working day after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def spans_provisional(self, start: date, end: date) -> bool:
        """Say whether any day of a stretch, both ends included, is provisional."""
        first, last = min(start, end), max(start, end)
        return any(self.is_provisional(first + _DAY * n) for n in range((last - first).days + 1))


PUBLISHED = Calendar(PUBLISHED_YEARS)
