"""What happens to one tender, in the order of time: each step names its moment, then acts."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta

from config.demo_world import authoring, award, bidding, hall, panel
from config.demo_world.cast import Cast
from config.demo_world.plans import NOW, Plan, Stage
from config.demo_world.shelf import Shelf

Course = Generator[datetime, datetime, None]
_ASKS_AFTER = timedelta(days=2)


def course(
    plan: Plan, *, cast: Cast, kept: Shelf, tick: Callable[[datetime], None]
) -> Generator[datetime, datetime, None]:
    """Carry a tender from its draft to where its plan leaves it."""
    now = yield plan.drafted_at
    job = authoring.drafted(plan, cast=cast, kept=kept, now=now)
    yield from authoring.course(job)
    if plan.stage is Stage.DRAFT:
        return
    yield from bidding.course(job)
    if plan.asked:
        now = yield plan.published_at + timedelta(days=6)
        yield from authoring.answer(job, asker=plan.prices_fen[0][0].username, now=now)
    if plan.suspended_at is not None:
        now = yield plan.suspended_at
        authoring.suspend(job, now=now)
    if plan.stage is Stage.TAKING_BIDS:
        return
    yield from hall.course(job, tick=tick)
    if plan.stage >= Stage.EVALUATING and job.lot.state == "OPENED":
        yield from panel.course(job)
    elif plan.stage is Stage.OPENED and job.lot.state == "OPENED":
        yield from panel.invite(job)
    if plan.stage >= Stage.CANDIDATES:
        yield from award.course(job, end=NOW)
