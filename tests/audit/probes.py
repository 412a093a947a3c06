"""Events and entries that exist only in these tests."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from django.db import transaction

from audit.models import LogEntry
from audit.services.log import enqueue
from core.events import DomainEvent
from sealing.encoding import b64u

NOON = datetime(2026, 11, 23, 4, 0, 0, 123456, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinged(DomainEvent):
    """A probe was pinged."""

    name: ClassVar[str] = "probe.pinged"
    n: int
    said: str = "平江片区"


def hash_text(seed: int) -> str:
    """A hash as evidence spells it."""
    return b64u(hashlib.sha256(str(seed).encode()).digest())


def received(n: int = 0, *, lot: str = "lot-1") -> dict[str, object]:
    """The members of a `bid.receive` entry."""
    hashes = ("ct_root", "ct_sha256", "ct_sm3", "header_sha256", "form_ct_sha256", "kc")
    return {
        "tender": "tender-1",
        "lot": lot,
        "envelope": "single",
        "party": f"party-{n}",
        "bid": f"bid-{n}",
        "deadline_id": "deadline-1",
        "doc_version": 0,
        "size": 1_500_000,
        "signature_sha256": hash_text(n),
        **{name: hash_text(1000 * n + i) for i, name in enumerate(hashes)},
    }


def closed(*, lot: str = "lot-1") -> dict[str, object]:
    """The members of a `tender.close` entry."""
    return {
        "tender": "tender-1",
        "lot": lot,
        "envelope": "single",
        "deadline_id": "deadline-1",
        "deadline_at": "2026-11-23T04:00:00.000Z",
        "count": 0,
        "set_root": hash_text(7),
    }


def logged_bid(n: int = 0, *, lot: str = "lot-1") -> LogEntry:
    """A bid's entry, waiting for its tick."""
    with transaction.atomic():
        return enqueue(kind="bid.receive", entry=received(n, lot=lot), now=NOON)
