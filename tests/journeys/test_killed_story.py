"""Any one process dies and is started again: the story ends the same."""

from __future__ import annotations

import json
import random  # noqa: TID251 - a seed must tell the same tale again; nothing secret is drawn
import threading
from itertools import count

import pytest

from stories.reading import read
from stories.runner import tell
from tests.journeys.telling import SHIPPED, balanced, holds, told

# A part that was killed takes seconds to come back, on a busy machine many of them.
pytestmark = [pytest.mark.xdist_group("stories"), pytest.mark.timeout(3600)]

PARTS = ("web", "clock", "worker", "bank-gusu")
# Drawn anew in every telling.
MASKED = ("receipt", "tender_code", "wall_seconds", "story_ended_at")


def killing(first):
    """Kill the next part in turn before every step, so that each part dies all along the way."""
    turns = count(first)

    def watch(step, system):
        balanced(step, system)
        # Nobody waits until it is back: the step itself meets a part that is not there.
        system.stack.crash(PARTS[next(turns) % len(PARTS)])

    return watch


class Reaper:
    """Kills parts at random moments within the steps, from a thread of its own.

    What a thread started ends with it, so it lives until the story is told.
    """

    def __init__(self, seed):
        self._drawn = random.Random(seed)
        self._system = None
        self._over = threading.Event()
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._reap, daemon=True)
        self.killed = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._over.set()
        self._told.set()
        if self._thread.ident is not None:
            self._thread.join()

    def watch(self, step, system):
        balanced(step, system)
        if self._system is None:
            self._system = system
            self._thread.start()
        if step == "evidence":
            self._over.set()

    def _reap(self):
        while not self._over.wait(self._drawn.uniform(2, 8)):
            part = self._drawn.choice(PARTS)
            self._system.stack.crash(part)
            self.killed.append(part)
        self._told.wait()


def masked(value, names=MASKED):
    if isinstance(value, dict):
        return {
            name: "" if name in names else masked(inner, names) for name, inner in value.items()
        }
    return [masked(inner, names) for inner in value] if isinstance(value, list) else value


def same(summary, undisturbed, names=MASKED):
    """Whether two tellings came to the same end, but for what is drawn anew."""
    ends = [json.dumps(masked(one, names), sort_keys=True) for one in (summary, undisturbed)]
    return ends[0] == ends[1]


class TestAStoryWhoseProcessesDie:
    @pytest.mark.parametrize(
        # Each begins with another part, so that in the four of them each dies before every step.
        "first",
        [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, 4))],
    )
    def test_ends_as_if_nothing_had_happened(self, first, tmp_path):
        undisturbed, _ = told("small")
        story = read(SHIPPED / "small.json", files=None)
        summary = tell(story, out=tmp_path, watch=killing(first))
        holds(summary, tmp_path)
        assert same(summary, undisturbed)

    @pytest.mark.long
    @pytest.mark.parametrize("seed", [1, 2])
    def test_ends_the_same_when_they_die_within_the_steps(self, seed, tmp_path):
        """An order lost on the wire is barred and paid some days later, with their interest."""
        undisturbed, _ = told("small")
        story = read(SHIPPED / "small.json", files=None)
        with Reaper(seed) as reaper:
            summary = tell(story, out=tmp_path, watch=reaper.watch)
        holds(summary, tmp_path)
        assert set(reaper.killed) == set(PARTS)
        assert same(summary, undisturbed, (*MASKED, "interest_fen"))
