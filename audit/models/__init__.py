"""What audit keeps: commands, streams of events, and the transparency log."""

from __future__ import annotations

from audit.models.log import Checkpoint, Cosignature, LogEntry, LogTick, Stamp, TreeNode
from audit.models.records import Command, Event, StreamHead

__all__ = [
    "Checkpoint",
    "Command",
    "Cosignature",
    "Event",
    "LogEntry",
    "LogTick",
    "Stamp",
    "StreamHead",
    "TreeNode",
]
