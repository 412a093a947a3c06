"""After the report: candidates, the winner, the notice, the contract, the deposits' way home."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile

from bank_escrow.models import Instruction
from bank_escrow.services import approve, submit
from config.demo_world import papers
from config.demo_world.hands import Act, Hand
from config.demo_world.job import Job
from config.demo_world.plans import Stage
from core.zone import local_day
from trading.models import Award, Candidate, Contract, Notice
from trading.services import awarding

T = TypeVar("T")
_NEXT_MORNING = timedelta(hours=20)


def course(job: Job, *, end: datetime) -> Generator[datetime, datetime, None]:
    """Go on as far as the plan says."""
    plan = job.plan
    now = yield (plan.meets_at or end) + _NEXT_MORNING
    if plan.track == "T" and plan.stage >= Stage.CANDIDATES:
        notice = _publish_candidates(job, now=now)
        if plan.stage is Stage.CANDIDATES:
            return
        assert notice.ends_at is not None
        now = yield notice.ends_at + timedelta(hours=9, minutes=30)
    if plan.stage < Stage.AWARDED:
        return
    _award(job, now=now)
    if plan.stage is Stage.AWARDED:
        return
    now = yield now + timedelta(hours=1)
    _notify(job, now=now)
    if plan.stage is Stage.NOTIFIED:
        now = yield now + timedelta(days=1)
        _pay_back(job, now=now)
        return
    now = yield max(now + timedelta(days=1), end - timedelta(days=3, hours=4))
    _record_contract(job, now=now)
    now = yield now + timedelta(hours=1)
    _pay_back(job, now=now)


def _publish_candidates(job: Job, *, now: datetime) -> Notice:
    return _of_host(
        job,
        "trading:candidates",
        lambda act: awarding.publish_candidates(
            lot_id=job.lot_id, person=job.host.person, signature=act.signature, now=now
        ),
        purpose="publish",
        now=now,
    )


def _award(job: Job, *, now: datetime) -> Award:
    first = Candidate.objects.filter(lot=job.lot_id).order_by("rank", "price_fen")[0]

    def determine(act: Act) -> Award:
        return awarding.award(
            lot_id=job.lot_id,
            bid_id=first.bid_id,
            reason="",
            person=job.buyer.person,
            signature=act.signature,
            now=now,
        )

    return job.buyer.does(
        "trading:award",
        determine,
        purpose="award",
        args={"tender": job.tender_id, "lot": job.lot_id},
        fields={"bid": first.bid_id},
        now=now,
    )


def _notify(job: Job, *, now: datetime) -> Notice:
    return _of_host(
        job,
        "trading:notify",
        lambda act: awarding.notify(
            lot_id=job.lot_id, person=job.host.person, signature=act.signature, now=now
        ),
        purpose="publish",
        now=now,
    )


def _record_contract(job: Job, *, now: datetime) -> Contract:
    made = Award.objects.select_related("bid__seat__organisation").get(lot=job.lot_id)
    winner = made.bid.seat.organisation.name
    content = papers.contract(title=job.plan.title, winner=winner)
    return _of_host(
        job,
        "trading:contract",
        lambda act: awarding.record_contract(
            lot_id=job.lot_id,
            signed_on=local_day(now),
            amount_fen=made.price_fen,
            file=SimpleUploadedFile("合同.pdf", content),
            person=job.host.person,
            signature=act.signature,
            now=now,
        ),
        purpose="contract",
        now=now,
    )


def _pay_back(job: Job, *, now: datetime) -> None:
    """Sign refunds: one is approved and leaves, one waits for its second hand, one for both."""
    orders = list(
        Instruction.objects.filter(
            deposit__requirement__reference=job.lot_id, state=Instruction.State.DRAFT
        ).order_by("id")
    )
    for number, order in enumerate(orders[:-1]):
        _sign(job.cast["chen"], "submit", submit, order, now=now)
        if number < len(orders) - 2:
            _sign(job.cast["he"], "approve", approve, order, now=now)


def _sign(
    hand: Hand,
    name: str,
    act_on: Callable[..., Instruction],
    order: Instruction,
    *,
    now: datetime,
) -> None:
    hand.does(
        f"bank_escrow:{name}",
        lambda act: act_on(
            instruction_id=order.pk,
            content_sha=order.content_sha,
            actor=hand.actor,
            signature_id=act.signature,
            now=now,
        ),
        purpose="refund",
        fields={"order": f"{order.pk}:{order.content_sha}"},
        now=now,
    )


def _of_host(job: Job, name: str, do: Callable[[Act], T], *, purpose: str, now: datetime) -> T:
    return job.host.does(
        name,
        do,
        purpose=purpose,
        args={"tender": job.tender_id, "lot": job.lot_id},
        now=now,
    )
