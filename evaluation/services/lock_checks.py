"""Whether scores are still what was signed: rows of a locked seat against its lock's hash.

The database refuses to change them (migration 0002); who owns the database can lift that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.models import Event
from audit.services import record_all
from evaluation.events import LockBroken
from evaluation.models import Panel, Seat
from evaluation.selectors import streams
from evaluation.services import panels, scoring


def broken(seats: Iterable[Seat]) -> list[Seat]:
    """Return the locked seats whose scores are not the ones their members signed."""
    return [
        seat
        for seat in seats
        if seat.locked_at is not None and scoring.digest_of(seat) != seat.lock_sha256
    ]


def alarm(now: datetime) -> None:
    """Tell room and supervisors once of every lock that does not hold.

    The clock does it, since a summary that is refused leaves nothing behind.
    """
    at_work = Panel.objects.filter(state="SCORING", seats__locked_at__isnull=False).distinct()
    for panel_id in at_work.values_list("pk", flat=True):
        if broken(panels.members(Panel.objects.get(pk=panel_id))):
            with transaction.atomic():
                _tell(panel_id, now=now)


def _tell(panel_id: UUID, *, now: datetime) -> None:
    panel = panels.locked(panel_id)
    if panel.state != "SCORING":
        return
    stream = streams.room(panel.pk)
    told = Event.objects.filter(stream=stream, name=LockBroken.name)
    known = {(body["seat"], body["lock_sha256"]) for body in told.values_list("body", flat=True)}
    for seat in broken(panels.members(panel)):
        if (seat.code, seat.lock_sha256) not in known:
            event = LockBroken(panel=panel.pk, seat=seat.code, lock_sha256=seat.lock_sha256)
            record_all([(stream, event), (streams.ACCESS, event)], actor=panels.SYSTEM, now=now)
