"""Decisions about days: emergency openings, closures, a newly published year."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.models import Centre
from audit.services import record, record_all
from core.verdicts import Refusal
from core.workdays import read_year
from venues import events
from venues.models import ArrangedYear, Closure, EmergencyApproval


@transaction.atomic
def approve_emergency(
    *, centre: Centre, day: date, number: str, actor: str, now: datetime
) -> EmergencyApproval:
    """Record that an emergency opening was approved; the first approval of a day stands.

    The centre records the approval of the body that gave it; it gives none itself (O39).
    """
    approval, new = EmergencyApproval.objects.get_or_create(
        centre=centre, day=day, defaults={"number": number, "at": now}
    )
    if new:
        event = events.EmergencyApproved(day=day, number=number)
        record(stream=events.calendar(centre.code), event=event, actor=actor, now=now)
    return approval


@transaction.atomic
def close_day(*, centre: Centre, day: date, reason: str, actor: str, now: datetime) -> Closure:
    """Take no new bookings on a day; those there are stay, and are moved one by one."""
    closure, new = Closure.objects.get_or_create(
        centre=centre, day=day, defaults={"reason": reason, "at": now}
    )
    if new:
        event = events.DayClosed(day=day, reason=reason)
        record(stream=events.calendar(centre.code), event=event, actor=actor, now=now)
    return closure


@transaction.atomic
def arrange_year(
    *, year: int, off: str, worked: str, source: str, actor: str, now: datetime
) -> ArrangedYear:
    """Load a year's published arrangement; loaded again it replaces the one before."""
    try:
        read_year(year, off=off, worked=worked)
    except ValueError:
        raise Refusal("V-014", year=year) from None
    loaded, _ = ArrangedYear.objects.update_or_create(
        year=year, defaults={"off": off, "worked": worked, "source": source, "loaded_at": now}
    )
    event = events.YearArranged(year=year, off=off, worked=worked, source=source)
    streams = sorted(
        events.calendar(code) for code in Centre.objects.values_list("code", flat=True)
    )
    record_all([(stream, event) for stream in streams], actor=actor, now=now)
    return loaded
