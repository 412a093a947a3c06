"""The days the law itself makes holidays, as opposed to rest days arranged around them.

全国年节及纪念日放假办法: ten days until 2007, eleven from 2008, thirteen from 2025. The days that
follow the moon or the sun are listed for the years whose arrangement is published; for other
years only the fixed dates are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

# First day of the lunar year; Qingming, Dragon Boat and Mid-Autumn (holidays from 2008 on).
_SPRING = (
    "2004-01-22 2005-02-09 2006-01-29 2007-02-18 2008-02-07 2009-01-26 2010-02-14 2011-02-03 "
    "2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 "
    "2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17"
)
_QINGMING = (
    "2008-04-04 2009-04-04 2010-04-05 2011-04-05 2012-04-04 2013-04-04 2014-04-05 2015-04-05 "
    "2016-04-04 2017-04-04 2018-04-05 2019-04-05 2020-04-04 2021-04-04 2022-04-05 2023-04-05 "
    "2024-04-04 2025-04-04 2026-04-05"
)
_DRAGON_BOAT = (
    "2008-06-08 2009-05-28 2010-06-16 2011-06-06 2012-06-23 2013-06-12 2014-06-02 2015-06-20 "
    "2016-06-09 2017-05-30 2018-06-18 2019-06-07 2020-06-25 2021-06-14 2022-06-03 2023-06-22 "
    "2024-06-10 2025-05-31 2026-06-19"
)
_MID_AUTUMN = (
    "2008-09-14 2009-10-03 2010-09-22 2011-09-12 2012-09-30 2013-09-19 2014-09-08 2015-09-27 "
    "2016-09-15 2017-10-04 2018-09-24 2019-09-13 2020-10-01 2021-09-21 2022-09-10 2023-09-29 "
    "2024-09-17 2025-10-06 2026-09-25"
)

# From year on: days of Spring Festival relative to its first day; days of May.
_SHAPES = (
    (2025, (-1, 0, 1, 2), (1, 2)),
    (2014, (0, 1, 2), (1,)),
    (2008, (-1, 0, 1), (1,)),
    (0, (0, 1, 2), (1, 2, 3)),
)


def is_law_holiday(day: date) -> bool:
    """Say whether the law names this very day a holiday."""
    return day in law_holidays(day.year)


@lru_cache(maxsize=64)
def law_holidays(year: int) -> frozenset[date]:
    """Return the days of a year that are holidays by law, as far as they are known."""
    spring_days, may_days = next((spring, may) for since, spring, may in _SHAPES if year >= since)
    days = {date(year, 1, 1)} | {date(year, 10, day) for day in (1, 2, 3)}
    days |= {date(year, 5, day) for day in may_days}
    first = _BY_YEAR["spring"].get(year)
    if first:
        days |= {first + timedelta(days=offset) for offset in spring_days}
    days |= {feast[year] for name, feast in _BY_YEAR.items() if name != "spring" and year in feast}
    return frozenset(days)


def _table(text: str) -> Mapping[int, date]:
    return {day.year: day for day in map(date.fromisoformat, text.split())}


_BY_YEAR = {
    "spring": _table(_SPRING),
    "qingming": _table(_QINGMING),
    "dragon_boat": _table(_DRAGON_BOAT),
    "mid_autumn": _table(_MID_AUTUMN),
}
