"""The evaluation: qualification and hand-over, the draw, the room, the signed report."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

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
_DRAWN_AFTER_DEADLINE = timedelta(hours=3)
_HOURS = 4
# For the bids in the order of their seats: plan, safety, credit, before each member's own leaning.
_POINTS = ((20, 12, 9), (22, 13, 8), (18, 11, 10), (21, 10, 7), (19, 12, 8))
_STEP = Decimal("0.5")
# In the room that still works, so many members have locked and the next is half-way.
_HAVE_LOCKED = 2
_HAS_BEGUN = 2


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


def invite(job: Job) -> Generator[datetime, datetime, None]:
    """Draw the panel of a lot not yet handed over; nobody has answered."""
    meets_at = job.plan.meets_at
    if meets_at is None:
        return
    now = yield job.plan.deadline_at + _DRAWN_AFTER_DEADLINE
    draw_id = _commit(job, meets_at=meets_at, now=now)
    log.tick(now=now)
    now = yield now + timedelta(minutes=10)
    _draw(job, draw_id, now=now)


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


def _commit(job: Job, *, meets_at: datetime, now: datetime) -> UUID:
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


def _draw(job: Job, draw_id: UUID, *, now: datetime) -> UUID:
    desk = job.cast["jiang"]
    return desk.does(
        "evaluation:draw-hold",
        lambda _: drawing.draw(draw_id=draw_id, person=desk.person, now=now),
        args={"draw": draw_id},
        now=now,
    ).pk


@dataclass(frozen=True, slots=True)
class _Room:
    """A panel's room and the hands of those who sit in it."""

    job: Job
    id: UUID

    @property
    def panel(self) -> Panel:
        """The panel as it stands."""
        return Panel.objects.select_related("lot__tender", "leader").get(pk=self.id)

    @property
    def seats(self) -> list[Seat]:
        """Who sits, lowest number first."""
        return panels.members(self.panel)

    @property
    def leader(self) -> Seat:
        """Who was elected."""
        leader = self.panel.leader
        assert leader is not None
        return leader

    @property
    def bids(self) -> list[Bid]:
        """What lies before the panel, in seat order."""
        return panels.compared(self.job.lot)

    def accept(self, *, now: datetime) -> None:
        """Everybody who was drawn comes."""

        def come(seat: Seat, _: Act) -> object:
            return invitations.answer(
                seat_id=seat.pk, accept=True, reason="", actor=str(seat.person_id), now=now
            )

        self._each("answer", come, now=now)

    def sit(self, *, now: datetime) -> None:
        """Check in at the two sites, declare, elect the leader, read the criteria."""
        for seat in self.seats:
            self._check_in(seat, now=now)
        said = [seating.Statement(party=str(bid.party_id), related=False) for bid in self.bids]
        first = self.seats[0].pk

        def declare(seat: Seat, act: Act) -> object:
            return seating.declare(**self._by(seat, now), statements=said, signature=act.signature)

        self._each("declare", declare, purpose="approve", now=now)
        self._each(
            "leader",
            lambda seat, _: electing.vote(**self._by(seat, now), choice_id=first),
            now=now,
        )
        self._each(
            "criteria-read",
            lambda seat, _: seating.read_criteria(**self._by(seat, now)),
            now=now,
        )

    def review(self, *, now: datetime) -> None:
        """Pass every bid in the preliminary review and close it."""
        for bid in self.bids:

            def vote(seat: Seat, _: Act, *, bid: UUID = bid.pk) -> object:
                return reviewing.vote(
                    **self._by(seat, now),
                    bid_id=bid,
                    passed=True,
                    code="",
                    clause="",
                    fact="",
                    page=None,
                )

            self._each("review", vote, now=now)
        self._as(
            self.leader,
            "review-close",
            lambda seat, _: reviewing.close(**self._by(seat, now), seed=secrets.token_bytes(32)),
            now=now,
        )

    def score(self, *, upto: int, now: datetime) -> None:
        """Let so many members score and lock; the next one, if there is one, has begun."""
        for number, seat in enumerate(self.seats[: upto + 1]):
            bids = self.bids if number < upto else self.bids[:_HAS_BEGUN]
            for bid, points in zip(bids, _POINTS, strict=False):
                self._score(seat, bid, points, leaning=_STEP * (number - 2), now=now)
            if number < upto:
                self._lock(seat, scoring.digest_of(seat), now=now)

    def sum_up(self, *, now: datetime) -> None:
        """The leader sums up when all have locked."""
        self._as(
            self.leader,
            "summary",
            lambda seat, _: summarising.summarise(**self._by(seat, now)),
            now=now,
        )

    def sign(self, *, now: datetime) -> None:
        """All sign the report they see; the last one sends it off."""
        sha256 = self.panel.report.sha256

        def agree(seat: Seat, act: Act) -> object:
            return signing.sign(
                **self._by(seat, now),
                agrees=True,
                opinion="",
                report_sha256=sha256,
                signature=act.signature,
            )

        self._each("sign", agree, purpose="report", now=now)

    def _lock(self, seat: Seat, sha256: str, *, now: datetime) -> None:
        self._as(
            seat,
            "lock",
            lambda seat, act: scoring.lock(
                **self._by(seat, now), expected=sha256, signature=act.signature
            ),
            purpose="approve",
            fields={"scores_sha256": sha256},
            now=now,
        )

    def _check_in(self, seat: Seat, *, now: datetime) -> None:
        desk = self.job.cast["jiang" if seat.site == SUZHOU else "jiang-wz"]
        desk.does(
            "evaluation:check-in",
            lambda _: seating.check_in(
                panel_id=self.id, seat_id=seat.pk, actor=desk.actor, now=now
            ),
            args={"panel": self.id, "seat": seat.pk},
            now=now,
        )

    def _score(
        self, seat: Seat, bid: Bid, points: Sequence[int], *, leaning: Decimal, now: datetime
    ) -> None:
        plan, safety, credit = map(Decimal, points)
        for criterion, value in (("plan", plan + leaning), ("safety", safety), ("credit", credit)):

            def save(seat: Seat, _: Act, *, key: str = criterion, of: Decimal = value) -> object:
                return scoring.save(
                    **self._by(seat, now),
                    bid_id=bid.pk,
                    criterion=key,
                    value=of,
                    note="",
                    page=None,
                )

            self._as(seat, "score", save, now=now)

    def _by(self, seat: Seat, now: datetime) -> dict[str, Any]:
        """Return what every act of a member names."""
        return {
            "panel_id": self.id,
            "seat_id": seat.pk,
            "actor": str(seat.person_id),
            "now": now,
        }

    def _each(
        self,
        name: str,
        do: Callable[[Seat, Act], object],
        *,
        purpose: str | None = None,
        now: datetime,
    ) -> None:
        for seat in self.seats:
            self._as(seat, name, do, purpose=purpose, now=now)

    def _as(
        self,
        seat: Seat,
        name: str,
        do: Callable[[Seat, Act], object],
        *,
        purpose: str | None = None,
        fields: Mapping[str, object] | None = None,
        now: datetime,
    ) -> None:
        self.job.cast.of(seat.person_id).does(
            f"evaluation:{name}",
            lambda act: do(seat, act),
            purpose=purpose,
            args={"panel": self.id},
            fields=fields,
            now=now,
        )
