"""Tell one story from beginning to end and write down what became of it."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stories import evidence
from stories.cast import Cast
from stories.course import course
from stories.door import Refused
from stories.play import Play, Step
from stories.reading import conforms
from stories.story import Story
from stories.summary import summarise
from stories.system import System
from stories.troubles import BadStory, CannotRun, Refuted

if TYPE_CHECKING:
    from stories.browser import Browser

Watch = Callable[[str, System], None]


def tell(
    story: Story,
    *,
    out: Path,
    watch: Watch = lambda _name, _system: None,
    in_browser: bool = False,
) -> dict[str, Any]:
    """Play a story into a folder; `watch` is called with every step's name before it happens."""
    began = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="story-work-") as work,
        System(starts_at=story.starts_at, centre=story.centre) as system,
    ):
        cast = Cast(system=system, story=story)
        play = Play(story=story, system=system, cast=cast, work=Path(work), out=out)
        try:
            _play(play, watch, in_browser=in_browser)
            watch("evidence", system)
            evidence.collect(play)
            found = evidence.verify(play)
            summary = summarise(play, found, wall_seconds=time.monotonic() - began)
        except Refused as refused:
            raise CannotRun(f"the platform refused what it should take: {refused}") from refused
        finally:
            cast.close()
            _keep_logs(system, out)
    conforms(summary, "summary")
    text = json.dumps(summary, ensure_ascii=False, indent=1)
    (out / "summary.json").write_text(f"{text}\n", encoding="utf-8")
    if not found.all_hold:
        raise Refuted("\n".join(found.complaints) or "a verification failed")
    return summary


def _play(play: Play, watch: Watch, *, in_browser: bool) -> None:
    with ExitStack() as stack:
        for step in course(play):
            _take(play, step, watch)
            if in_browser and step.name == "assemble":
                stack.enter_context(_at_browser(play))


def _at_browser(play: Play) -> Browser:
    """Put the first bidder of whom nothing odd is told in front of a real browser."""
    from stories.browser import Browser  # noqa: PLC0415 - needs packages only this way needs

    sound = (bid for bid in play.story.bids if bid.fault == "none" and not bid.earlier)
    bid = next(sound, None)
    if bid is None:
        raise BadStory("/bids", "none is sound enough for a browser")
    play.at_browser = bid.key
    play.browser = Browser(play.cast.firm(bid.bidder))
    return play.browser


def _take(play: Play, step: Step, watch: Watch) -> None:
    watch(step.name, play.system)
    if step.at is not None:
        play.system.jump(step.at)
    try:
        step.do()
    except (CannotRun, Refused) as problem:
        raise CannotRun(f"at {step.name}: {problem}") from problem


def _keep_logs(system: System, out: Path) -> None:
    """Keep what the system complained about, for whoever wonders why a story broke off."""
    for name in system.stack.parts:
        log = system.stack.log(name)
        if log.exists() and log.stat().st_size:
            place = out / "log" / log.name
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(log.read_bytes())
