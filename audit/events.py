"""What happens to the trail itself, as events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.events import DomainEvent

ACCESS = "access"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailSearched(DomainEvent):
    """A supervisor looked into the trail; what was looked for, an empty text for anything."""

    name: ClassVar[str] = "trail.searched"
    stream: str
    number_sought: str
    person_sought: str
    actor_sought: str
    name_sought: str
    since: datetime | None
    until: datetime | None
