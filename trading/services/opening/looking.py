"""Write down that a supervisor looked: whoever watches is watched too."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.services import record
from trading.events.opening import HallWatched

ACCESS = "access"


def note_look(*, lot_id: UUID, actor: str, now: datetime) -> None:
    """Record one look into a hall."""
    with transaction.atomic():
        record(stream=ACCESS, event=HallWatched(lot=lot_id), actor=actor, now=now)
