"""What may be read of audit: streams, the log, the trail."""

from __future__ import annotations

from audit.selectors.evidence import Evidence, evidence
from audit.selectors.log import consistency, inclusion, latest_checkpoint, latest_stamp, logged
from audit.selectors.receipts import Checked, check_receipt
from audit.selectors.streams import Head, events_after, grown, head, heads

__all__ = [
    "Checked",
    "Evidence",
    "Head",
    "check_receipt",
    "consistency",
    "events_after",
    "evidence",
    "grown",
    "head",
    "heads",
    "inclusion",
    "latest_checkpoint",
    "latest_stamp",
    "logged",
]
