"""How one event is bound to the event before it.

    hash = SHA-256("hengping-event/1" 0x00 || prev_hash || JCS({actor, at, body, command, name,
                                                                seq, stream}))

The first event of a stream follows 32 zero bytes. Whoever holds the rows of a stream can
recompute its chain with nothing but SHA-256 and canonical JSON.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.events import moment
from sealing import canonical

GENESIS = bytes(32)
_PREFIX = b"hengping-event/1\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Everything an event says, as it enters the chain."""

    stream: str
    seq: int
    name: str
    actor: str
    at: datetime
    body: Mapping[str, Any]
    command: UUID | None


def link_hash(prev_hash: bytes, link: Link) -> bytes:
    """Return the hash of an event that follows the event of hash `prev_hash`."""
    said = {
        "stream": link.stream,
        "seq": link.seq,
        "name": link.name,
        "actor": link.actor,
        "at": moment(link.at),
        "body": dict(link.body),
        "command": None if link.command is None else str(link.command),
    }
    return hashlib.sha256(_PREFIX + prev_hash + canonical.dumps(said)).digest()
