"""Write events into their streams, numbered without a gap and chained.

The heads of the streams are locked in name order, so that two commands that write several streams
never wait for each other in a circle; commands that share no stream never wait at all. The lock
is held until commit: the order of numbers is the order of commits, and a reader at number n has
missed nothing below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from audit.domain.chain import GENESIS, Link, link_hash
from audit.models import Event
from audit.services.commands import running_command
from core.events import DomainEvent

CHANNEL = "hengping_stream"

_LOCK_HEADS = """
    INSERT INTO audit_streamhead (stream, seq, hash)
    SELECT name, 0, %s FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (name, place)
    ORDER BY place
    ON CONFLICT (stream) DO UPDATE SET stream = EXCLUDED.stream
    RETURNING stream, seq, hash
"""
_MOVE_HEADS = """
    UPDATE audit_streamhead AS head SET seq = moved.seq, hash = moved.hash
    FROM unnest(%s::text[], %s::bigint[], %s::bytea[]) AS moved (stream, seq, hash)
    WHERE head.stream = moved.stream
"""
_NOTIFY = "SELECT pg_notify(%s, name) FROM unnest(%s::text[]) AS told (name)"


def record(*, stream: str, event: DomainEvent, actor: str, now: datetime) -> Event:
    """Append one event to one stream, in the transaction of the change it tells of."""
    return record_all([(stream, event)], actor=actor, now=now)[0]


def record_all(
    pairs: Sequence[tuple[str, DomainEvent]], *, actor: str, now: datetime
) -> list[Event]:
    """Append events to several streams; events of one stream keep the order given."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event is recorded with its change")
    streams = sorted({stream for stream, _ in pairs})
    if not streams:
        return []
    heads = _lock_heads(streams)
    written = []
    for stream, event in pairs:
        seq, prev_hash = heads[stream]
        made = _next(stream, event, seq=seq + 1, prev_hash=prev_hash, actor=actor, now=now)
        heads[stream] = made.seq, made.hash
        written.append(made)
    Event.objects.bulk_create(written)
    _move_heads(heads)
    # After the commit and not inside it: PostgreSQL serialises all commits that carry a
    # notification, and two lots must not wait for each other. A hint lost with a killed process
    # is made good by the readers' poll.
    transaction.on_commit(lambda: _tell(streams), robust=True)
    return written


def _lock_heads(streams: list[str]) -> dict[str, tuple[int, bytes]]:
    """Lock each head in the order given, making those that do not exist yet.

    One upsert does both: locking the known heads first and adding the new ones afterwards would
    break the name order, and with it the freedom from deadlocks.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_HEADS, [GENESIS, streams])
        return {stream: (seq, bytes(last)) for stream, seq, last in cursor.fetchall()}


def _next(
    stream: str, event: DomainEvent, *, seq: int, prev_hash: bytes, actor: str, now: datetime
) -> Event:
    link = Link(
        stream=stream,
        seq=seq,
        name=event.name,
        actor=actor,
        at=now,
        body=event.body(),
        command=running_command(),
    )
    return Event(
        stream=stream,
        seq=seq,
        name=link.name,
        actor=actor,
        at=now,
        body=link.body,
        prev_hash=prev_hash,
        hash=link_hash(prev_hash, link),
        command_id=link.command,
    )


def _move_heads(heads: dict[str, tuple[int, bytes]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE_HEADS,
            [list(heads), [seq for seq, _ in heads.values()], [last for _, last in heads.values()]],
        )


def _tell(streams: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NOTIFY, [CHANNEL, streams])
