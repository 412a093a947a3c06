"""Working days, legal periods and the days the centre is open.

The functions here reckon with the published calendar; those of `Calendar` and the keyword
`calendar` serve a city that has loaded a further year.
"""

from __future__ import annotations

from core.workdays.arrangements import Year, read_year
from core.workdays.calendar import PUBLISHED, Calendar, Kind
from core.workdays.periods import (
    Reckoned,
    earliest_deadline,
    earliest_end,
    ends_at,
    enough_before,
    enough_days,
    enough_working_days,
    latest_before,
    period_end,
    working_period_end,
)
from core.workdays.service import Service, first_open_day, open_for_business, service_on
from core.workdays.statutory import is_law_holiday, law_holidays

add_working_days = PUBLISHED.add_working_days
first_working_day = PUBLISHED.first_working_day
is_holiday = PUBLISHED.is_holiday
is_provisional = PUBLISHED.is_provisional
is_working_day = PUBLISHED.is_working_day
kind = PUBLISHED.kind
spans_provisional = PUBLISHED.spans_provisional
working_days_between = PUBLISHED.working_days_between

__all__ = [
    "PUBLISHED",
    "Calendar",
    "Kind",
    "Reckoned",
    "Service",
    "Year",
    "add_working_days",
    "earliest_deadline",
    "earliest_end",
    "ends_at",
    "enough_before",
    "enough_days",
    "enough_working_days",
    "first_open_day",
    "first_working_day",
    "is_holiday",
    "is_law_holiday",
    "is_provisional",
    "is_working_day",
    "kind",
    "latest_before",
    "law_holidays",
    "open_for_business",
    "period_end",
    "read_year",
    "service_on",
    "spans_provisional",
    "working_days_between",
    "working_period_end",
]
