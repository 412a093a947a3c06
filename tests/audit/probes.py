"""Events that exist only in these tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from core.events import DomainEvent

NOON = datetime(2026, 11, 23, 4, 0, 0, 123456, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinged(DomainEvent):
    """A probe was pinged."""

    name: ClassVar[str] = "probe.pinged"
    n: int
    said: str = "平江片区"
