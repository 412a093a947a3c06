"""The trail as a supervisor searches it: newest first, nothing about bidders before the result."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.fields.json import KT

from audit.domain import audiences
from audit.models import Event, LogEntry
from audit.selectors import sources
from sealing.entries import OpeningResult

PAGE = 50
_LISTED = ("tender", "lot", "panel", "account", "deposit", "instruction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page of the trail ended."""

    at: datetime
    seq: int
    stream: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; an empty field asks for nothing, `also` is vouched for by the caller.

    `number` is a tender's or a lot's as people see it, `person` a name.
    """

    stream: str = ""
    number: str = ""
    person: str = ""
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
    if search.number:
        events = events.filter(stream__in=sources.numbered(search.number))
    if search.person:
        events = events.filter(actor__in=sources.actors_called(search.person))
    if search.person or search.actor:
        events = events.exclude(sources.unnamed())
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
    if lot is not None:
        return result_is_out(lot)
    return any(query.filter(stream=stream).exists() for query in sources.readable())


def result_is_out(lot: str) -> bool:
    """Whether the log says how a lot's opening ended: then its bidders are no secret."""
    return _results().alias(lot=KT("body__lot")).filter(lot=lot).exists()


def lots_with_result() -> QuerySet[LogEntry, str]:
    """Return the lots whose result is out, as the log spells their ids."""
    return _results().values_list(KT("body__lot"), flat=True)


def streams_of(number: str) -> list[str]:
    """Return the streams of a tender or lot that may be read now and hold something."""
    wanted = sources.numbered(number)
    found = _readable(()).filter(stream__in=wanted, seq=1) if wanted else Event.objects.none()
    return sorted(found.values_list("stream", flat=True), key=_place_in_list)


def _place_in_list(stream: str) -> tuple[int, bool, str]:
    """What is for everybody stands first, then what is one bidder's, then money."""
    head = stream.partition("/")[0]
    place = _LISTED.index(head) if head in _LISTED else len(_LISTED)
    return place, audiences.party_lot(stream) is not None, stream


def evidence_count(lot: str) -> int:
    """Return how many entries the log holds of a lot; asked only once its result is out."""
    placed = LogEntry.objects.filter(tick__isnull=False)
    return placed.alias(lot=KT("body__lot")).filter(lot=lot).count()


def _readable(also: Collection[str]) -> QuerySet[Event]:
    lot = Func(F("stream"), Value("/"), Value(2), function="split_part", output_field=CharField())
    known = (
        Q(stream__regex=f"^({audiences.OPEN})$")
        | Q(stream__in=list(also))
        | Q(stream__regex=f"^({audiences.PARTY})$", of_lot__in=lots_with_result())
    )
    for query in sources.readable():
        known |= Q(stream__in=query)
    return Event.objects.alias(of_lot=lot).filter(known)


def _results() -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(kind=OpeningResult.kind, tick__isnull=False)


def _earlier(place: Place) -> Q:
    same = Q(at=place.at)
    return (
        Q(at__lt=place.at)
        | same & Q(seq__lt=place.seq)
        | same & Q(seq=place.seq, stream__lt=place.stream)
    )
