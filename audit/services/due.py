"""What time has made due in audit: the next leaf of the log, and its timestamps."""

from __future__ import annotations

from datetime import datetime

from audit.services.stamping import is_wanted
from audit.services.tick import tick_if_due
from audit.tasks import stamp_checkpoints


def tick(now: datetime) -> None:
    """Make the beat's leaf; ask a worker for timestamps where one is wanted."""
    made = tick_if_due(now=now)
    if made is not None and is_wanted(made):
        stamp_checkpoints.enqueue()
