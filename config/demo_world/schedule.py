"""Let several courses happen together, in the order of time, on the story's clock.

The clock is set to the city's first day before anything else runs (a bank's day never goes back),
and goes forward from step to step, so that bank, certificates and timestamps live through the
same weeks.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Generator, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from audit.services import stamping
from audit.services import tick as log
from config.due import TICKS
from core import clock

# What becomes due in between is found at the next look; the hall looks for itself at its hour.
_LOOKS_EVERY = timedelta(hours=6)


class StoryTime:
    """The story's clock, moved by hand; looks after what time makes due."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._looked: datetime | None = None

    @classmethod
    def of_environment(cls) -> StoryTime | None:
        """Return the clock that the whole system reads; None when it lives in real time."""
        path = os.environ.get(clock.VARIABLE, "")
        return cls(Path(path)) if path else None

    def set(self, moment: datetime) -> datetime:
        """Set the clock and return what it then says."""
        told = clock.StoryClock(real=clock.real_now(), story=moment)
        clock.write_story(self._path, told)
        return clock.now()

    def go_to(self, moment: datetime) -> datetime:
        """Go forward to a moment; what became due on the way is done."""
        now = self.set(max(moment, clock.now()))
        if self._looked is None or now - self._looked >= _LOOKS_EVERY:
            self.tick(now)
        return now

    def tick(self, now: datetime) -> None:
        """Do what is due now, as the clock process would at its next beat."""
        self._looked = now
        log.tick(now=now)
        for name, tick in TICKS:
            if name != "audit":
                tick(now)


def play(courses: Iterable[Generator[datetime, datetime, None]], *, time: StoryTime) -> None:
    """Run all courses to their ends, always the one whose next step comes first."""
    running = list(courses)
    waiting = [(next(course), number) for number, course in enumerate(running)]
    heapq.heapify(waiting)
    while waiting:
        moment, number = heapq.heappop(waiting)
        now = time.go_to(moment)
        try:
            heapq.heappush(waiting, (running[number].send(now), number))
        except StopIteration:
            continue


def stamp(now: datetime) -> None:
    """Have the checkpoints of the past weeks timestamped, where there is an authority."""
    if settings.TSA_URL:
        stamping.stamp_wanted(now=now)
