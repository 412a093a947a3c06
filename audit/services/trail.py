"""Look into the trail, which leaves a trace in the trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from audit.domain.faults import Findings
from audit.events import ACCESS, TrailSearched
from audit.models import Event
from audit.selectors.trail import PAGE, Place, Search, find, may_read
from audit.services.records import record
from audit.services.verify import check_stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A page of events, where the next one begins, and whether the stream asked for is whole."""

    events: list[Event]
    next: Place | None
    chain: Findings | None


def search(*, criteria: Search, by: str, now: datetime) -> Trail:
    """Return what was looked for; `by` and the question are on record before the answer is out."""
    with transaction.atomic():
        found = find(criteria)
        readable = bool(criteria.stream) and may_read(criteria.stream, also=criteria.also)
        chain = check_stream(criteria.stream) if readable and found else None
        # Last, since all who sign in at the centre wait for this stream.
        record(stream=ACCESS, event=_asked(criteria), actor=by, now=now)
    page, rest = found[:PAGE], found[PAGE:]
    last = page[-1] if rest else None
    onward = Place(at=last.at, seq=last.seq, stream=last.stream) if last else None
    return Trail(events=page, next=onward, chain=chain)


def _asked(criteria: Search) -> TrailSearched:
    return TrailSearched(
        stream=criteria.stream,
        actor_sought=criteria.actor,
        name_sought=criteria.name,
        since=criteria.since,
        until=criteria.until,
    )
