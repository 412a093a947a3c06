"""A person's invitations: date, place and hours, no project."""

from __future__ import annotations

from typing import Any

from accounts.models import Centre, Person
from core.events import moment
from evaluation.models import Seat

_COMING = frozenset({"ACCEPTED", "CHECKED_IN"})
_OVER = frozenset({"REPORTED", "DISSOLVED"})


def of(person: Person) -> list[dict[str, Any]]:
    """Return a person's seats, the newest first; the panel's id only once accepted."""
    seats = Seat.objects.select_related("panel").filter(person=person)
    names = dict(Centre.objects.values_list("code", "name"))
    return [
        {
            "seat": str(seat.pk),
            "code": seat.code,
            "state": seat.state,
            "place": names.get(seat.site, seat.site),
            "site": seat.site,
            "specialty": seat.specialty,
            "date": moment(seat.panel.meets_at),
            "hours": seat.panel.hours,
            "panel": str(seat.panel_id) if seat.state in _COMING else None,
            "room": seat.state == "CHECKED_IN" and seat.panel.state == "REPORTED",
            "panel_state": seat.panel.state if seat.state in _COMING else None,
            "past": seat.panel.state in _OVER or seat.state not in {*_COMING, "NOTIFIED"},
        }
        for seat in seats.order_by("-panel__meets_at", "number")
    ]
