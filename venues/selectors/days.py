"""Days as a centre lives them: the published calendar, years loaded since, local decisions."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings

from accounts.models import Centre
from core.workdays import PUBLISHED, Calendar, read_year
from venues.domain.days import Day, judge
from venues.models import ArrangedYear, Closure, EmergencyApproval


def calendar() -> Calendar:
    """Return the calendar with the years that were loaded here."""
    known = PUBLISHED
    for item in ArrangedYear.objects.order_by("year"):
        known = known.with_year(item.year, read_year(item.year, off=item.off, worked=item.worked))
    return known


def days(*, centre: Centre, first: date, last: date) -> list[Day]:
    """Return each day of a span, both ends included, with what it is to the centre."""
    span = {"centre": centre, "day__range": (first, last)}
    emergencies = dict(EmergencyApproval.objects.filter(**span).values_list("day", "number"))
    closures = dict(Closure.objects.filter(**span).values_list("day", "reason"))
    known = calendar()
    return [
        judge(
            day,
            calendar=known,
            strict_law_holidays=settings.STRICT_LAW_HOLIDAYS,
            emergency=emergencies.get(day, ""),
            closed_for=closures.get(day, ""),
        )
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]


def day_at(*, centre: Centre, day: date) -> Day:
    """Return what one day is to the centre."""
    return days(centre=centre, first=day, last=day)[0]


def bookable(day: date, *, centre: Centre) -> bool:
    """Tell whether an opening or an evaluation can be booked on a day."""
    return day_at(centre=centre, day=day).is_open


def is_open(*, centre: Centre, day: date) -> bool:
    """Tell whether the centre opens on a day: working day, Saturday service or emergency."""
    return bookable(day, centre=centre)
