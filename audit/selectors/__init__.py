"""What may be read of audit: streams, the log, the trail."""

from __future__ import annotations

from audit.selectors.log import consistency, inclusion, latest_checkpoint, logged
from audit.selectors.streams import Head, events_after, head, heads

__all__ = [
    "Head",
    "consistency",
    "events_after",
    "head",
    "heads",
    "inclusion",
    "latest_checkpoint",
    "logged",
]
