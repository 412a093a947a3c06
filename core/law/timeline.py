"""The earliest lawful moment, and the article that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.law.periods import PERIODS
from core.law.rules import Rule, Unit
from core.workdays import (
    PUBLISHED,
    Calendar,
    Reckoned,
    earliest_end,
    first_open_day,
    period_end,
    working_period_end,
)
from core.zone import local_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Earliest:
    """The first day a period allows, the first on which a room can be had, and why."""

    day: date
    bookable: date
    rule: Rule | None
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EarliestMoment:
    """The first deadline that leaves the time an addendum needs, and why."""

    at: datetime
    rule: Rule | None
    provisional: bool


def earliest_deadline_day(
    issued_on: date,
    *,
    track: str,
    procedure: str,
    must_tender: bool,
    calendar: Calendar = PUBLISHED,
) -> Earliest:
    """Return the earliest day of the deadline after the documents were issued."""
    rule = PERIODS["issue_to_deadline"].find(
        on=issued_on,
        track=track,
        procedure=procedure,
        must_tender="yes" if must_tender else "no",
    )
    day = issued_on if rule is None else _end_of_minimum(issued_on, rule, calendar)
    bookable = first_open_day(day, calendar=calendar)
    return Earliest(
        day=day,
        bookable=bookable,
        rule=rule,
        provisional=calendar.spans_provisional(issued_on, bookable),
    )


def earliest_deadline_after_amendment(
    amended_at: datetime, *, track: str, procedure: str, calendar: Calendar = PUBLISHED
) -> EarliestMoment:
    """Return the earliest deadline that leaves an addendum its time."""
    rule = PERIODS["amendment_before_deadline"].find(
        on=local_day(amended_at), track=track, procedure=procedure
    )
    if rule is None:
        return EarliestMoment(at=amended_at, rule=None, provisional=False)
    start = local_day(amended_at)
    end = _end_of_minimum(start, rule, calendar)
    return EarliestMoment(
        at=amended_at + timedelta(days=(end - start).days),
        rule=rule,
        provisional=rule.unit is Unit.WORKING_DAYS and calendar.spans_provisional(start, end),
    )


def last_day(start: date, rule: Rule, *, calendar: Calendar = PUBLISHED) -> Reckoned:
    """Return the last day of a period that binds: by when to answer, sign, refund."""
    reckon = working_period_end if rule.unit is Unit.WORKING_DAYS else period_end
    return reckon(start, int(rule.value), calendar=calendar)


def first_day_after(start: date, rule: Rule, *, calendar: Calendar = PUBLISHED) -> Reckoned:
    """Return the first day on which a publicity that began on start is over.

    The starting day is not counted and a rest day at the end rolls over, because the period is
    also the time others have to object: three days begun on Wednesday the 2nd end with Saturday
    the 5th, hence with Monday the 7th, and are over on the 8th.
    """
    last = last_day(start, rule, calendar=calendar)
    return Reckoned(day=last.day + timedelta(days=1), provisional=last.provisional)


def _end_of_minimum(start: date, rule: Rule, calendar: Calendar) -> date:
    days = int(rule.value)
    if rule.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(start, days)
    return earliest_end(start, days)
