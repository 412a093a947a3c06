"""What time has made due in audit: the next leaf of the log, its timestamps and cosignatures."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from audit.services.stamping import is_due
from audit.services.tick import tick_if_due
from audit.tasks import cosign_checkpoints, stamp_checkpoints


def tick(now: datetime) -> None:
    """Make the beat's leaf; ask a worker for the word of others where it is wanted."""
    made = tick_if_due(now=now)
    if made is None or not is_due(made):
        return
    if settings.TSA_URL:
        stamp_checkpoints.enqueue()
    if settings.WITNESSES:
        cosign_checkpoints.enqueue()
