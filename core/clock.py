"""The server's clock, the only one there is; for demo and stories it can be a story clock.

`HENGPING_STORY_CLOCK` names a JSON file `{"real": instant, "story": instant, "speed": number}`:
at real time `real` the story's time was `story`, and since then it has run `speed` times as fast.
Web, worker, banks and timestamps read the same file and so live in the same time. The settings of
a city refuse the variable.

Only views, commands and consumers call `now()`; everything below is handed the time.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

VARIABLE = "HENGPING_STORY_CLOCK"


class ClockError(RuntimeError):
    """The story clock is named but cannot be read; guessing the time would be worse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryClock:
    """A shift and a speed."""

    real: datetime
    story: datetime
    speed: float = 1.0

    def __post_init__(self) -> None:
        if self.real.tzinfo is None or self.story.tzinfo is None:
            raise ClockError("a story clock needs moments with time zones")
        if self.speed < 0:
            raise ClockError("a story clock never runs backwards")

    def at(self, real: datetime) -> datetime:
        """Return the story's time at a real time."""
        return self.story.astimezone(UTC) + (real - self.real) * self.speed


def now() -> datetime:
    """Return the time, in UTC: the story's when there is a story clock, else the real one."""
    real = real_now()
    path = os.environ.get(VARIABLE)
    return read_story(Path(path)).at(real) if path else real


def real_now() -> datetime:
    """Return the machine's own time in UTC, for what must not follow the story."""
    return datetime.fromtimestamp(time.time(), UTC)


def read_story(path: Path) -> StoryClock:
    """Read a story clock; unchanged files are not parsed again."""
    try:
        stat = path.stat()
        return _parse(path, stat.st_ino, stat.st_mtime_ns, stat.st_size)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ClockError(f"the story clock {path} cannot be read: {error}") from error


def write_story(path: Path, clock: StoryClock) -> None:
    """Set the story clock in one step, so that no reader ever sees half a file."""
    body = {
        "real": clock.real.isoformat(),
        "story": clock.story.isoformat(),
        "speed": clock.speed,
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(body, file)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@lru_cache(maxsize=4)
def _parse(path: Path, _inode: int, _mtime_ns: int, _size: int) -> StoryClock:
    body = json.loads(path.read_text(encoding="ascii"))
    return StoryClock(
        real=datetime.fromisoformat(body["real"]),
        story=datetime.fromisoformat(body["story"]),
        speed=float(body["speed"]),
    )
