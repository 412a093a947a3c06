"""The evaluation: qualification and hand-over, the draw, the room, the signed report."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from datetime import datetime, timedelta
from decimal import Decimal

from audit.services import tick as log
from config.demo_world.cast import SUZHOU, WENZHOU
from config.demo_world.hands import Act
from config.demo_world.job import Job
from config.demo_world.plans import Stage
from evaluation.domain.seating import Wish
from evaluation.models import Panel, Seat
from evaluation.services import (
    drawing,
    electing,
    invitations,
    panels,
    reviewing,
    scoring,
    seating,
    signing,
    summarising,
)
from trading.models import Bid
from trading.services import reporting

_MEETS_AFTER_DRAW = timedelta(hours=2)
_HOURS = 4
# For the bids in the order of their seats: plan, safety, credit, before each member's own leaning.
_POINTS = ((20, 12, 9), (22, 13, 8), (18, 11, 10), (21, 10, 7), (19, 12, 8))
_STEP = Decimal("0.5")
# In the room that still works, so many members have locked and the next is half-way.
_HAVE_LOCKED = 2


def course(job: Job) -> Generator[datetime, datetime, None]:
    """From the opened lot to the report, or to the middle of scoring."""
    meets_at = job.plan.meets_at
    if meets_at is None:
        return
    now = yield meets_at - _MEETS_AFTER_DRAW - timedelta(minutes=20)
    _hand_over(job, now=now)
    draw_id = _commit(job, meets_at=meets_at, now=now)
    log.tick(now=now)  # the draw stirs in the first root after the promise
    now = yield meets_at - _MEETS_AFTER_DRAW
    panel_id = _draw(job, draw_id, now=now)
    now = yield now + timedelta(minutes=10)
    room = _Room(job, panel_id)
    room.accept(now=now)
    now = yield meets_at
    room.sit(now=now)
    now = yield now + timedelta(minutes=25)
    room.review(now=now)
    now = yield now + timedelta(minutes=50)
    if job.plan.stage is Stage.EVALUATING:
        room.score(upto=_HAVE_LOCKED, now=now)
        return
    room.score(upto=len(room.seats), now=now)
    room.sum_up(now=now)
    now = yield now + timedelta(minutes=15)
    room.sign(now=now)


def _hand_over(job: Job, *, now: datetime) -> None:
    if job.plan.track == "G":
        verdicts = [
            reporting.Verdict(bid=pk, passed=True)
            for pk in Bid.objects.filter(lot=job.lot_id, state="OPENED").values_list(
                "pk", flat=True
            )
        ]

        def review(act: Act) -> None:
            reporting.review_qualification(
                lot_id=job.lot_id,
                verdicts=verdicts,
                person=job.buyer.person,
                signature=act.signature,
                now=now,
            )

        job.buyer.does(
            "trading:qualification",
            review,
            purpose="approve",
            args={"tender": job.tender_id, "lot": job.lot_id},
            now=now,
        )
    job.host.does(
        "trading:evaluate",
        lambda _: reporting.hand_over(lot_id=job.lot_id, person=job.host.person, now=now),
        args={"tender": job.tender_id, "lot": job.lot_id},
        now=now,
    )


def _commit(job: Job, *, meets_at: datetime, now: datetime) -> object:
    desk = job.cast["jiang"]
    wanted = (
        Wish(specialty=job.plan.specialty, site=SUZHOU, count=3),
        Wish(specialty=job.plan.specialty, site=WENZHOU, count=2),
    )
    return desk.does(
        "evaluation:draw-commit",
        lambda _: drawing.commit(
            lot_id=job.lot_id,
            wanted=wanted,
            meets_at=meets_at,
            hours=_HOURS,
            seed=secrets.token_bytes(32),
            person=desk.person,
            now=now,
        ),
        args={"lot": job.lot_id},
        now=now,
    ).pk


def _draw(job: Job, draw_id: object, *, now: datetime) -> object:
    desk = job.cast["jiang"]
    return desk.does(
        "evaluation:draw-hold",
        lambda _: drawing.draw(draw_id=draw_id, person=desk.person, now=now),
        args={"draw": draw_id},
        now=now,
    ).pk


class _Room:
    """A panel's room and the hands of those who sit in it."""

    def __init__(self, job: Job, panel_id: object) -> None:
        self.job, self.id = job, panel_id

    @property
    def panel(self) -> Panel:
        return Panel.objects.select_related("lot__tender", "leader").get(pk=self.id)

    @property
    def seats(self) -> list[Seat]:
        return panels.members(self.panel)

    @property
    def bids(self) -> list[Bid]:
        return panels.compared(self.job.lot)

    def accept(self, *, now: datetime) -> None:
        for seat in self.seats:
            self._does(
                seat,
                "answer",
                lambda act, seat=seat: invitations.answer(
                    seat_id=seat.pk, accept=True, reason="", actor=str(seat.person_id), now=now
                ),
                now=now,
            )

    def sit(self, *, now: datetime) -> None:
        """Check in at the two sites, declare, elect the leader, read the criteria."""
        for seat in self.seats:
            desk = self.job.cast["jiang" if seat.site == SUZHOU else "jiang-wz"]
            desk.does(
                "evaluation:check-in",
                lambda _, seat=seat, desk=desk: seating.check_in(
                    panel_id=self.id, seat_id=seat.pk, actor=desk.actor, now=now
                ),
                args={"panel": self.id, "seat": seat.pk},
                now=now,
            )
        statements = [
            seating.Statement(party=str(bid.party_id), related=False) for bid in self.bids
        ]
        for seat in self.seats:
            self._does(
                seat,
                "declare",
                lambda act, seat=seat: seating.declare(
                    **self._of(seat, now), statements=statements, signature=act.signature
                ),
                purpose="approve",
                now=now,
            )
        leader = self.seats[0].pk
        for seat in self.seats:
            self._does(
                seat,
                "leader",
                lambda act, seat=seat: electing.vote(**self._of(seat, now), choice_id=leader),
                now=now,
            )
        for seat in self.seats:
            self._does(
                seat,
                "criteria-read",
                lambda act, seat=seat: seating.read_criteria(**self._of(seat, now)),
                now=now,
            )

    def review(self, *, now: datetime) -> None:
        """Pass every bid in the preliminary review and close it."""
        nothing = {"code": "", "clause": "", "fact": "", "page": None}
        for seat in self.seats:
            for bid in self.bids:
                self._does(
                    seat,
                    "review",
                    lambda act, seat=seat, bid=bid: reviewing.vote(
                        **self._of(seat, now), bid_id=bid.pk, passed=True, **nothing
                    ),
                    now=now,
                )
        leader = self.panel.leader
        self._does(
            leader,
            "review-close",
            lambda act: reviewing.close(**self._of(leader, now), seed=secrets.token_bytes(32)),
            now=now,
        )

    def score(self, *, upto: int, now: datetime) -> None:
        """Let so many members score and lock; the next one, if there is one, has begun."""
        for number, seat in enumerate(self.seats):
            if number > upto:
                return
            bids = self.bids if number < upto else self.bids[:2]
            for bid, points in zip(bids, _POINTS, strict=False):
                self._score_bid(seat, bid, points, leaning=_STEP * (number - 2), now=now)
            if number < upto:
                self._does(
                    seat,
                    "lock",
                    lambda act, seat=seat: scoring.lock(
                        **self._of(seat, now), expected="", signature=act.signature
                    ),
                    purpose="approve",
                    now=now,
                )

    def sum_up(self, *, now: datetime) -> None:
        leader = self.panel.leader
        self._does(
            leader,
            "summary",
            lambda act: summarising.summarise(**self._of(leader, now)),
            now=now,
        )

    def sign(self, *, now: datetime) -> None:
        sha256 = self.panel.report.sha256
        for seat in self.seats:
            self._does(
                seat,
                "sign",
                lambda act, seat=seat: signing.sign(
                    **self._of(seat, now),
                    agrees=True,
                    opinion="",
                    report_sha256=sha256,
                    signature=act.signature,
                ),
                purpose="report",
                now=now,
            )

    def _score_bid(self, seat, bid, points, *, leaning, now) -> None:
        plan, safety, credit = points
        cells = {"plan": plan + leaning, "safety": Decimal(safety), "credit": Decimal(credit)}
        for criterion, value in cells.items():
            self._does(
                seat,
                "score",
                lambda act, criterion=criterion, value=value: scoring.save(
                    **self._of(seat, now),
                    bid_id=bid.pk,
                    criterion=criterion,
                    value=value,
                    note="",
                    page=None,
                ),
                now=now,
            )

    def _of(self, seat, now):
        return {
            "panel_id": self.id,
            "seat_id": seat.pk,
            "actor": str(seat.person_id),
            "now": now,
        }

    def _does(self, seat, act, do, *, now, purpose=None):
        self.job.cast.of(seat.person_id).does(
            f"evaluation:{act}", do, purpose=purpose, args={"panel": self.id}, now=now
        )
