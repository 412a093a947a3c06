"""The trail as a supervisor searches it: newest first, nothing about bidders before the result."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.fields.json import KT

from audit.domain import audiences
from audit.models import Event, LogEntry
from sealing.entries import OpeningResult

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page of the trail ended."""

    at: datetime
    seq: int
    stream: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; an empty field asks for nothing, `also` is vouched for by the caller."""

    stream: str = ""
    actor: str = ""
    name: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: Place | None = None
    also: Collection[str] = ()


def find(search: Search) -> list[Event]:
    """Return a page of events and one more where there is a next page."""
    events = _readable(search.also)
    exact = {"stream": search.stream, "actor": search.actor, "name": search.name}
    events = events.filter(**{field: value for field, value in exact.items() if value})
    if search.since:
        events = events.filter(at__gte=search.since)
    if search.until:
        events = events.filter(at__lt=search.until)
    if search.before:
        events = events.filter(_earlier(search.before))
    return list(events.order_by("-at", "-seq", "-stream")[: PAGE + 1])


def may_read(stream: str, *, also: Collection[str] = ()) -> bool:
    """Whether a stream may be read now; no answer tells whether it exists."""
    if audiences.is_open(stream) or stream in also:
        return True
    lot = audiences.party_lot(stream)
    if lot is None:
        return False
    return _results().alias(lot=KT("body__lot")).filter(lot=lot).exists()


def _readable(also: Collection[str]) -> QuerySet[Event]:
    lot = Func(F("stream"), Value("/"), Value(2), function="split_part", output_field=CharField())
    opened = _results().values_list(KT("body__lot"), flat=True)
    return Event.objects.alias(of_lot=lot).filter(
        Q(stream__regex=f"^({audiences.OPEN})$")
        | Q(stream__in=list(also))
        | Q(stream__regex=f"^({audiences.PARTY})$", of_lot__in=opened)
    )


def _results() -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(kind=OpeningResult.kind, tick__isnull=False)


def _earlier(place: Place) -> Q:
    same = Q(at=place.at)
    return (
        Q(at__lt=place.at)
        | same & Q(seq__lt=place.seq)
        | same & Q(seq=place.seq, stream__lt=place.stream)
    )
