"""When to bring a fallen process back, and when to stop trying."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from devtools.child import Child

_DELAYS = (0.2, 0.5, 1.0, 2.0, 4.0)  # seconds before the first, second, … try
_WINDOW = 60.0  # falls longer ago than this are forgiven


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallen:
    """A process that ended without being asked to."""

    name: str
    exit_code: int | None
    last_lines: str
    log: Path


class GaveUpError(RuntimeError):
    """A process fell more often than is worth trying again."""

    def __init__(self, fallen: Fallen) -> None:
        super().__init__(f"{fallen.name} fell {len(_DELAYS) + 1} times within a minute")
        self.fallen = fallen


@dataclass(slots=True)
class Restarts:
    """The falls of one process within the last minute."""

    falls: deque[float] = field(default_factory=deque)
    due_at: float | None = None

    def is_new_fall(self) -> bool:
        """Tell whether the process was up when we last looked."""
        return self.due_at is None

    def note_fall(self, child: Child) -> Fallen:
        """Plan the next try and say what happened."""
        child.kill()  # what it started itself may still be there
        now = time.monotonic()
        while self.falls and now - self.falls[0] > _WINDOW:
            self.falls.popleft()
        fallen = Fallen(
            name=child.name,
            exit_code=child.exit_code,
            last_lines=child.last_lines(),
            log=child.log,
        )
        if len(self.falls) == len(_DELAYS):
            raise GaveUpError(fallen)
        self.due_at = now + _DELAYS[len(self.falls)]
        self.falls.append(now)
        return fallen

    def is_due(self) -> bool:
        """Tell whether the pause after the last fall is over."""
        return self.due_at is not None and time.monotonic() >= self.due_at

    def note_start(self) -> None:
        """Remember that it is up again."""
        self.due_at = None
