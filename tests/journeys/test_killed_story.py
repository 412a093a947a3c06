"""Any one process dies before a step and is started again: the story ends the same."""

from __future__ import annotations

import json
from itertools import count

import pytest

from stories.reading import read
from stories.runner import tell
from tests.journeys.telling import SHIPPED, holds, told

pytestmark = pytest.mark.xdist_group("stories")

PARTS = ("web", "clock", "worker", "bank-gusu")
# Drawn anew in every telling.
MASKED = ("receipt", "tender_code", "wall_seconds")


def killing(first):
    """Kill the next part in turn before every step, so that each part dies all along the way."""
    turns = count(first)

    def watch(step, system):
        part = PARTS[next(turns) % len(PARTS)]
        system.stack.kill(part)
        system.stack.start(part)

    return watch


def masked(value):
    if isinstance(value, dict):
        return {
            name: "" if name in MASKED else masked(inner)
            for name, inner in value.items()
            if name != "story_ended_at"
        }
    return [masked(inner) for inner in value] if isinstance(value, list) else value


class TestAStoryWhoseProcessesDie:
    @pytest.mark.parametrize(
        # Some eight minutes each, for every part is started anew before every step.
        "first",
        [pytest.param(n, marks=pytest.mark.long) for n in range(4)],
    )
    def test_ends_as_if_nothing_had_happened(self, first, tmp_path):
        undisturbed, _ = told("small")
        story = read(SHIPPED / "small.json", files=None)
        summary = tell(story, out=tmp_path, watch=killing(first))
        holds(summary, tmp_path)
        assert json.dumps(masked(summary), sort_keys=True) == json.dumps(
            masked(undisturbed), sort_keys=True
        )
