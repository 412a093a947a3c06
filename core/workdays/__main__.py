"""Working days from the command line: `python -m core.workdays < cases.json`.

Cases (days `YYYY-MM-DD`, moments RFC 3339), and what `ok` holds:

    {"do": "kind", "day"}                               {"kind", "working", "provisional"}
    {"do": "add_working_days", "day", "count"}          {"day", "provisional"}
    {"do": "working_days_between", "start", "end"}      {"days", "provisional"}, start not counted
    {"do": "open_for_business", "day",
     "emergency_approval"?, "strict_law_holidays"?}     {"open", "service", "provisional"}
    {"do": "enough_days", "start", "end", "days"}       true or false
    {"do": "earliest_end", "start", "days"}             {"day", "bookable", "provisional"}
    {"do": "period_end", "start", "days"}               {"day", "provisional"}, rest days roll over
    {"do": "enough_before", "act_at", "deadline_at", "days"}        true or false
    {"do": "earliest_deadline", "act_at", "days"}       a moment

`service` is WORKING_DAY, SATURDAY, EMERGENCY or CLOSED. Exit codes: 0, 2 bad input, 3 environment.
"""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Any

from core import door, workdays
from core.door import BadInput
from core.workdays import Reckoned


def _day(name: str, text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise BadInput(f"/{name}", "a day is written YYYY-MM-DD") from error


def _moment(name: str, text: object) -> datetime:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise BadInput(f"/{name}", "a moment is written as RFC 3339") from error
    if instant.tzinfo is None:
        raise BadInput(f"/{name}", "a moment needs its offset")
    return instant


def _count(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10_000:  # noqa: PLR2004 - a bound against endless loops
        raise BadInput(f"/{name}", "a whole number of days is wanted")
    return value


def _written(reckoned: Reckoned) -> dict[str, Any]:
    return {"day": reckoned.day.isoformat(), "provisional": reckoned.provisional}


def _kind(*, day: str) -> dict[str, Any]:
    when = _day("day", day)
    return {
        "kind": workdays.kind(when).value,
        "working": workdays.is_working_day(when),
        "provisional": workdays.is_provisional(when),
    }


def _add_working_days(*, day: str, count: int) -> dict[str, Any]:
    start = _day("day", day)
    end = workdays.add_working_days(start, _count("count", count))
    return {"day": end.isoformat(), "provisional": workdays.spans_provisional(start, end)}


def _working_days_between(*, start: str, end: str) -> dict[str, Any]:
    first, last = _day("start", start), _day("end", end)
    return {
        "days": workdays.working_days_between(first, last),
        "provisional": workdays.spans_provisional(first, last),
    }


def _open_for_business(
    *, day: str, emergency_approval: str | None = None, strict_law_holidays: bool = False
) -> dict[str, Any]:
    when = _day("day", day)
    service = workdays.service_on(
        when, emergency_approval=emergency_approval, strict_law_holidays=strict_law_holidays
    )
    return {
        "open": service is not workdays.Service.CLOSED,
        "service": service.value,
        "provisional": workdays.is_provisional(when),
    }


def _enough_days(*, start: str, end: str, days: int) -> bool:
    return workdays.enough_days(
        start=_day("start", start), end=_day("end", end), days=_count("days", days)
    )


def _earliest_end(*, start: str, days: int) -> dict[str, Any]:
    day = workdays.earliest_end(_day("start", start), _count("days", days))
    bookable = workdays.first_open_day(day)
    return {
        "day": day.isoformat(),
        "bookable": bookable.isoformat(),
        "provisional": workdays.spans_provisional(day, bookable),
    }


def _period_end(*, start: str, days: int) -> dict[str, Any]:
    return _written(workdays.period_end(_day("start", start), _count("days", days)))


def _enough_before(*, act_at: str, deadline_at: str, days: int) -> bool:
    return workdays.enough_before(
        act_at=_moment("act_at", act_at),
        deadline_at=_moment("deadline_at", deadline_at),
        days=_count("days", days),
    )


def _earliest_deadline(*, act_at: str, days: int) -> str:
    earliest = workdays.earliest_deadline(_moment("act_at", act_at), _count("days", days))
    return earliest.isoformat()


ACTS: door.Acts = {
    "kind": _kind,
    "add_working_days": _add_working_days,
    "working_days_between": _working_days_between,
    "open_for_business": _open_for_business,
    "enough_days": _enough_days,
    "earliest_end": _earliest_end,
    "period_end": _period_end,
    "enough_before": _enough_before,
    "earliest_deadline": _earliest_deadline,
}

if __name__ == "__main__":
    sys.exit(door.answer(ACTS, ()))
