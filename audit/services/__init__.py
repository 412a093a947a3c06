"""The acts of audit: carry out a command once, record events, put facts into the log."""

from __future__ import annotations

from audit.services.commands import perform
from audit.services.records import record, record_all

__all__ = ["perform", "record", "record_all"]
