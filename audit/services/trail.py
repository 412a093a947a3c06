"""Look into the trail, which leaves a trace in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from audit.domain import audiences
from audit.domain.faults import Findings
from audit.events import ACCESS, TrailSearched
from audit.models import Event
from audit.selectors.log import latest_checkpoint, latest_stamp
from audit.selectors.trail import (
    PAGE,
    Place,
    Search,
    evidence_count,
    find,
    may_read,
    result_is_out,
    streams_of,
)
from audit.services.records import record
from audit.services.verify import check_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A stream that was checked from its first number to its last."""

    stream: str
    findings: Findings

    @property
    def length(self) -> int:
        """How many events the stream has, which is also its last number."""
        return self.findings.checked.get("events", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A page of events, where the next one begins, and the streams asked for, each checked.

    `evidence` counts the entries that the transparency log holds of their lots, by lot;
    `logged_at` and `stamped_at` say up to when the log and its timestamps reach.
    """

    events: list[Event]
    next: Place | None
    chains: tuple[Chain, ...]
    evidence: Mapping[str, int]
    logged_at: datetime | None
    stamped_at: datetime | None


def search(*, criteria: Search, by: str, now: datetime) -> Trail:
    """Return what was looked for; `by` and the question are on record before the answer is out."""
    with transaction.atomic():
        found = find(criteria)
        streams = _streams(criteria, found)
        checked = check_each(streams) if streams else {}
        evidence = _evidence(streams)
        # Last, since all who sign in at the centre wait for this stream.
        record(stream=ACCESS, event=_asked(criteria), actor=by, now=now)
    page, rest = found[:PAGE], found[PAGE:]
    last = page[-1] if rest else None
    onward = Place(at=last.at, seq=last.seq, stream=last.stream) if last else None
    newest, stamp = latest_checkpoint(), latest_stamp()
    return Trail(
        events=page,
        next=onward,
        chains=tuple(Chain(stream=key, findings=said) for key, said in checked.items()),
        evidence=evidence,
        logged_at=newest.at if newest else None,
        stamped_at=stamp.stamped_at if stamp else None,
    )


def _streams(criteria: Search, found: list[Event]) -> list[str]:
    """Return the streams that were asked for and may be read."""
    if criteria.stream:
        readable = may_read(criteria.stream, also=criteria.also)
        return [criteria.stream] if readable and found else []
    return streams_of(criteria.number) if criteria.number else []


def _evidence(streams: list[str]) -> dict[str, int]:
    """Count the log's entries of these lots; before the result their number tells who bid."""
    lots = {lot for stream in streams if (lot := audiences.lot_of(stream))}
    return {lot: evidence_count(lot) for lot in sorted(lots) if result_is_out(lot)}


def _asked(criteria: Search) -> TrailSearched:
    return TrailSearched(
        stream=criteria.stream,
        number_sought=criteria.number,
        person_sought=criteria.person,
        actor_sought=criteria.actor,
        name_sought=criteria.name,
        since=criteria.since,
        until=criteria.until,
    )
