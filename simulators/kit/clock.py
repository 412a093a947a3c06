"""Story time for simulators: the same shift and speed as the product, read on its own.

The file named by HENGPING_STORY_CLOCK holds `{"real": iso, "story": iso, "speed": number}` and is
replaced atomically, so it is read anew each time: a jump must reach every process at once.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991


def now() -> datetime:
    """Return the present instant of the story, or of the machine where no story is told."""
    real = datetime.now(UTC)
    path = os.environ.get("HENGPING_STORY_CLOCK", "")
    if not path or not Path(path).exists():
        return real
    shift = json.loads(Path(path).read_text(encoding="utf-8"))
    speed = Fraction(str(shift["speed"]))
    passed = real - datetime.fromisoformat(shift["real"])
    scaled = timedelta(microseconds=int(passed // timedelta(microseconds=1) * speed))
    return (datetime.fromisoformat(shift["story"]) + scaled).astimezone(UTC)


def beijing(moment: datetime) -> str:
    """Write an instant as banks do: Beijing time, whole seconds, cut and never rounded up."""
    return moment.astimezone(BEIJING).replace(microsecond=0).isoformat()
