"""What time has made due in evaluation."""

from __future__ import annotations

from datetime import datetime


def tick(now: datetime) -> None:
    """Nothing is due by time alone yet."""
