"""Recompute the chains of events and compare them with the heads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby

from audit.domain.chain import GENESIS, Link, link_hash
from audit.domain.faults import Findings
from audit.models import Command, Event, StreamHead
from sealing.errors import SealingError

CHUNK = 2000


def check_stream(stream: str) -> Findings:
    """Check one stream; what the supervisor's page shows beside it."""
    return check_each([stream])[stream]


def check_each(streams: Collection[str]) -> dict[str, Findings]:
    """Check these streams, each for itself, for two queries in all."""
    known = StreamHead.objects.filter(stream__in=streams).values_list("stream", "seq", "hash")
    heads = {stream: (seq, last) for stream, seq, last in known}
    found = {stream: Findings() for stream in streams}
    events = Event.objects.filter(stream__in=streams).order_by("stream", "seq").iterator(CHUNK)
    for stream, chain in groupby(events, key=lambda event: event.stream):
        _check_chain(found[stream], stream, chain, heads.get(stream))
    for stream, findings in found.items():
        if not findings.checked:
            _check_chain(findings, stream, (), heads.get(stream))
    return found


def check_streams(findings: Findings) -> None:
    """Check every stream, and that no head stands without its events."""
    heads = {
        stream: (seq, last) for stream, seq, last in StreamHead.objects.values_list().iterator()
    }
    events = Event.objects.order_by("stream", "seq").iterator(CHUNK)
    for stream, chain in groupby(events, key=lambda event: event.stream):
        _check_chain(findings, stream, chain, heads.pop(stream, None))
    for stream, head in heads.items():
        _check_chain(findings, stream, (), head)


def check_commands(findings: Findings) -> None:
    """Check that every command that was kept was also answered."""
    findings.count("commands", Command.objects.count())
    for command in Command.objects.filter(reply__isnull=True).values_list("pk", flat=True):
        findings.fault(f"command {command}", "has no reply")


def _check_chain(
    findings: Findings,
    stream: str,
    events: Iterable[Event],
    head: tuple[int, bytes] | None,
) -> None:
    findings.count("streams")
    last_seq, last_hash = 0, GENESIS
    for event in events:
        findings.count("events")
        where = f"{stream} {event.seq}"
        if event.seq != last_seq + 1:
            findings.fault(where, f"follows number {last_seq}")
        if bytes(event.prev_hash) != last_hash:
            findings.fault(where, "is not bound to the event before it")
        if bytes(event.hash) != _recomputed(event):
            findings.fault(where, "does not have the hash of its content")
        last_seq, last_hash = event.seq, bytes(event.hash)
    if head is None:
        findings.fault(stream, "has no head")
    elif (head[0], bytes(head[1])) != (last_seq, last_hash):
        findings.fault(stream, f"head stands at {head[0]}, the last event is {last_seq}")


def _recomputed(event: Event) -> bytes | None:
    link = Link(
        stream=event.stream,
        seq=event.seq,
        name=event.name,
        actor=event.actor,
        at=event.at,
        body=event.body,
        command=event.command_id,
    )
    try:
        return link_hash(bytes(event.prev_hash), link)
    except SealingError:  # a body that has no canonical form was never recorded
        return None
