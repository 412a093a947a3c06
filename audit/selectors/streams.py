"""Streams as they are read: events after a number, where a stream stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from audit.domain.chain import GENESIS
from audit.models import Event, StreamHead

_GROWN = """
    SELECT head.stream FROM audit_streamhead AS head
    JOIN unnest(%s::text[], %s::bigint[]) AS known (stream, seq) ON known.stream = head.stream
    WHERE head.seq > known.seq
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a stream stands: its last number and hash; 0 and zeroes while it has no event."""

    stream: str
    seq: int
    hash: bytes


def events_after(stream: str, seq: int, limit: int) -> list[Event]:
    """Return the events of a stream above number `seq`, in order, at most `limit` of them."""
    return list(Event.objects.filter(stream=stream, seq__gt=seq).order_by("seq")[:limit])


def head(stream: str) -> Head:
    """Return where one stream stands; costs one query."""
    return heads([stream])[stream]


def heads(streams: Iterable[str]) -> dict[str, Head]:
    """Return where each of these streams stands; costs one query for all."""
    wanted = list(streams)
    known = {row.stream: row for row in StreamHead.objects.filter(stream__in=wanted)}
    return {
        stream: Head(stream=stream, seq=row.seq, hash=bytes(row.hash))
        if (row := known.get(stream))
        else Head(stream=stream, seq=0, hash=GENESIS)
        for stream in wanted
    }


def grown(positions: Mapping[str, int]) -> set[str]:
    """Return which of these streams stand above the number given; one query, however many."""
    with connection.cursor() as cursor:
        cursor.execute(_GROWN, [list(positions), list(positions.values())])
        return {name for (name,) in cursor.fetchall()}
