"""A week of a centre, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import Centre
from venues import selectors
from venues.domain.days import Day
from venues.models import Room
from venues.selectors import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days from a Monday, each with its free starts."""

    centre: Centre
    kind: Room.Kind
    first: date
    last: date
    days: tuple[tuple[Day, tuple[Slot, ...]], ...]

    @property
    def before(self) -> date:
        """The Monday before."""
        return self.first - timedelta(days=7)

    @property
    def after(self) -> date:
        """The Monday after."""
        return self.first + timedelta(days=7)

    @property
    def provisional(self) -> bool:
        """Whether a later notice may still change one of the days."""
        return any(day.provisional for day, _ in self.days)


def week_of(*, centre: Centre, kind: str, first: date, now: datetime) -> Week:
    """Read a week; starts that have passed are no longer free."""
    last = first + timedelta(days=6)
    slots = selectors.free_slots(centre=centre, kind=kind, first=first, last=last)
    days = selectors.days(centre=centre, first=first, last=last)
    return Week(
        centre=centre,
        kind=Room.Kind(kind),
        first=first,
        last=last,
        days=tuple((day, _of(day.day, slots, now=now)) for day in days),
    )


def as_json(week: Week) -> dict[str, object]:
    """Return a week for a program."""
    return {
        "centre": week.centre.code,
        "kind": week.kind.value,
        "days": [
            {
                "day": day.day.isoformat(),
                "service": day.service.value,
                "provisional": day.provisional,
                "slots": [
                    {"starts_at": slot.starts_at.isoformat(), "free": slot.free} for slot in slots
                ],
            }
            for day, slots in week.days
        ],
    }


def _of(day: date, slots: list[Slot], *, now: datetime) -> tuple[Slot, ...]:
    # Slots are made on the centre's own clock, so their date is the day itself.
    return tuple(slot for slot in slots if slot.starts_at.date() == day and slot.starts_at > now)
