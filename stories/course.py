"""The whole course of a story: what happens, in which order, at the earliest lawful instant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from stories import authoring, awarding, bidding, hall, refunding, securing, sitting
from stories.play import Play, Step


def course(play: Play) -> Iterator[Step]:
    """Give the steps one after the other; later ones depend on what came of those before."""
    yield Step(name="assemble", do=play.cast.assemble)
    story = play.story
    # Before the deadline everything has its own moment; equal moments keep their written order.
    planned = [*authoring.steps(play), *bidding.steps(play), *hall.sign_ins(play)]
    planned.sort(key=lambda step: step.at or story.starts_at)
    opens = story.tender.last_deadline + hall.AFTER_DEADLINE
    yield from (step for step in planned if step.at is None or step.at <= opens)
    for lot in story.lots:
        yield from hall.steps(play, lot)
        if securing.has_papers(play, lot.key):
            part = play.lots[lot.key]
            yield Step(name=f"securities/{lot.key}", do=partial(securing.check, play, part))
    yield from (step for step in planned if step.at is not None and step.at > opens)
    for lot in story.lots:
        if play.lots[lot.key].failed is None:
            yield from sitting.steps(play, lot)
    yield from awarding.steps(play)
    yield from refunding.steps(play)
