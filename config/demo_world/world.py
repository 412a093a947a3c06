"""Load the demo's world once; a world that stands is left as it is."""

from __future__ import annotations

from pathlib import Path

from config.demo_world import card, cast, courses, plans, schedule
from config.demo_world.schedule import StoryTime
from config.demo_world.shelf import Shelf
from core import clock
from trading.models import Tender


class HalfLoaded(RuntimeError):  # noqa: N818 - said of the world
    """A load was broken off; the world can neither be used nor gone on with."""


def begin(*, time: StoryTime) -> None:
    """Set the clock to the first day of a world that is not there yet."""
    if not Tender.objects.exists():
        time.set(plans.FOUNDED)


def load(*, run: Path, time: StoryTime) -> str:
    """Return the sign-in card, after making the world if there is none."""
    kept = Shelf(run=run)
    if Tender.objects.exists():
        if not kept.card.exists():
            raise HalfLoaded
        return kept.card.read_text(encoding="utf-8")
    begin(time=time)
    people = cast.assemble(kept=kept, clock=clock.now)
    schedule.play(
        (courses.course(plan, cast=people, kept=kept, tick=time.tick) for plan in plans.PLANS),
        time=time,
    )
    now = time.go_to(plans.NOW)
    time.tick(now)
    schedule.stamp(now)
    text = card.write()
    kept.card.write_text(text, encoding="utf-8")
    time.set(plans.NOW)
    return text
