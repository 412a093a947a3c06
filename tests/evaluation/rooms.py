"""A panel at each step: plain functions over the services, on top of `tests.worlds`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import Person
from evaluation.domain.seating import Wish
from evaluation.models import Panel, Seat
from evaluation.services import (
    drawing,
    electing,
    invitations,
    library,
    panels,
    reviewing,
    scoring,
    seating,
    signing,
    summarising,
)
from evaluation.services.seating import Statement
from tests import people, worlds
from trading.models import Bid, Lot
from trading.services import reporting
from trading.services.opening import opening_forms

MEETS = worlds.DEADLINE + timedelta(hours=2)
BIDDERS = (people.sun, people.li, people.zhou)
PRICES = (950_000_000, 940_000_000, 930_000_000)
ROADS = "市政道路"
DESIGN = "勘察设计"
SEED = b"s" * 32
WANTED = (
    Wish(specialty=ROADS, site=people.SUZHOU, count=3),
    Wish(specialty=ROADS, site=people.WENZHOU, count=2),
)
EXPERTS = (people.wu, people.zheng, people.wang, people.jin, people.chen2, people.wei)


@dataclass
class Room:
    """A panel, the world it judges in, and its bids by bidder's order."""

    world: worlds.World
    panel_id: UUID
    bids: list[Bid] = field(default_factory=list)

    @property
    def panel(self) -> Panel:
        return Panel.objects.select_related("lot__tender").get(pk=self.panel_id)

    @property
    def seats(self) -> list[Seat]:
        return panels.members(self.panel)

    @property
    def leader(self) -> Seat | None:
        return self.panel.leader

    @property
    def chair(self) -> Seat:
        """The leader, once there is one."""
        found = self.panel.leader
        assert found is not None
        return found


def opened(
    *,
    prices: tuple[int, ...] = PRICES,
    bidders: Any = BIDDERS,
    paper: bytes = b"%PDF-1.7 plan",
    **facts: Any,
) -> worlds.World:
    """A lot whose opening has ended, every bid opened."""
    world = worlds.published(**facts)
    parties = [
        worlds.submitted(world, bidder(), price_fen=price, paper=paper)
        for bidder, price in zip(bidders, prices, strict=True)
    ]
    worlds.closed(world)
    worlds.to_stage(world, "DECRYPT_BIDDER")
    for party in parties:
        assert worlds.release_own(world, party)
    worlds.step(world)
    worlds.release_host(world)
    later = worlds.DEADLINE + timedelta(hours=1)
    worlds.to_stage(world, "SIGN", now=later)
    worlds.record_signed(world, now=later)
    opening_forms.open_packages(lot_id=world.lot.pk, now=later)
    return world


def handed_over(world: worlds.World, *, unqualified: tuple[Bid, ...] = ()) -> worlds.World:
    """The lot in the panel's hands; in track G the purchaser has reviewed qualification."""
    lot = Lot.objects.select_related("tender").get(pk=world.lot.pk)
    with transaction.atomic():
        if lot.tender.legal_track == "G":
            reporting.review_qualification(
                lot_id=lot.pk,
                verdicts=[
                    reporting.Verdict(
                        bid=bid.pk, passed=bid not in unqualified, clause="2.1", fact="缺资质"
                    )
                    for bid in Bid.objects.filter(lot=lot, state="OPENED")
                ],
                person=people.zhao(),
                signature=uuid4(),
                now=MEETS,
            )
        reporting.hand_over(lot_id=lot.pk, person=people.zhao(), now=MEETS)
    return world


def stocked(*who: Any, **by_name: dict[str, Any]) -> None:
    """An expert library of these people; `by_name` changes single entries."""
    entries = []
    for make in who or EXPERTS:
        person = make()
        site = person.memberships.get(role="EXPERT").centre_id
        facts = {
            "username": person.username,
            "name": person.name,
            "site": site,
            "specialties": [ROADS],
            "employer": f"{person.name}设计院",
        }
        entries.append(library.Entry(**{**facts, **by_name.get(person.username, {})}))
    library.import_experts(entries=entries, actor="tests", now=people.LONG_AGO)


def committed(world: worlds.World, *, wanted: Any = WANTED, seed: bytes = SEED) -> Any:
    """A draw that was announced."""
    with transaction.atomic():
        return drawing.commit(
            lot_id=world.lot.pk,
            wanted=wanted,
            meets_at=MEETS,
            hours=4,
            seed=seed,
            person=people.jiang(),
            now=MEETS - timedelta(hours=1),
        )


def given_up(draw: Any, *, by: Any = None) -> None:
    """A draw that a colleague of whoever announced it has given up."""
    with transaction.atomic():
        drawing.give_up(
            draw_id=draw.pk,
            reason="评审时间有变",
            person=by or people.shen(),
            now=MEETS - timedelta(minutes=55),
        )


def drawn(world: worlds.World, *, wanted: Any = WANTED, seed: bytes = SEED) -> Room:
    """A panel that is being invited."""
    draw = committed(world, wanted=wanted, seed=seed)
    worlds.log_ticks(now=MEETS - timedelta(minutes=50))
    with transaction.atomic():
        panel = drawing.draw(
            draw_id=draw.pk, person=people.jiang(), now=MEETS - timedelta(minutes=49)
        )
    bids = list(Bid.objects.filter(lot=world.lot, state="OPENED").order_by("-line__price_fen"))
    return Room(world=world, panel_id=panel.pk, bids=bids)


def accept(seat: Seat, *, accept: bool = True) -> None:
    """Answer an invitation."""
    with transaction.atomic():
        invitations.answer(
            seat_id=seat.pk,
            accept=accept,
            reason="" if accept else "出差",
            actor=str(seat.person_id),
            now=MEETS - timedelta(minutes=40),
        )


def seated(room: Room) -> Room:
    """All have accepted and checked in."""
    for seat in room.seats:
        if seat.state == "NOTIFIED":
            accept(seat)
    for seat in room.seats:
        if seat.state == "ACCEPTED":
            check_in(room, seat)
    return room


def check_in(room: Room, seat: Seat) -> None:
    """Let one member in."""
    with transaction.atomic():
        seating.check_in(panel_id=room.panel_id, seat_id=seat.pk, actor="tests", now=MEETS)


def declare(room: Room, seat: Seat, *, related: UUID | None = None) -> None:
    """Sign the avoidance statement, related to nobody or to one bidder."""
    with transaction.atomic():
        seating.declare(
            panel_id=room.panel_id,
            seat_id=seat.pk,
            statements=[
                Statement(
                    party=str(bid.party_id),
                    related=bid.party_id == related,
                    reason="配偶在该公司任职" if bid.party_id == related else "",
                )
                for bid in Bid.objects.filter(lot=room.world.lot, state="OPENED")
            ],
            signature=uuid4(),
            actor="tests",
            now=MEETS,
        )


def vote_leader(room: Room, seat: Seat, choice: Seat) -> None:
    """Vote for a leader."""
    with transaction.atomic():
        electing.vote(
            panel_id=room.panel_id,
            seat_id=seat.pk,
            choice_id=choice.pk,
            actor="tests",
            now=MEETS,
        )


def read_criteria(room: Room, seat: Seat) -> None:
    """Confirm having read the criteria."""
    with transaction.atomic():
        seating.read_criteria(panel_id=room.panel_id, seat_id=seat.pk, actor="tests", now=MEETS)


def reviewing_room(room: Room) -> Room:
    """A panel with a leader, in the preliminary review."""
    for seat in room.seats:
        declare(room, seat)
    for seat in room.seats:
        vote_leader(room, seat, room.seats[0])
    for seat in room.seats:
        read_criteria(room, seat)
    assert room.panel.state == "REVIEW"
    return room


def vote(room: Room, seat: Seat, bid: Bid, *, against: bool = False, **grounds: Any) -> None:
    """Vote on one bid."""
    told = {"code": "", "clause": "", "fact": "", "page": None}
    if against:
        told |= {"code": "REJECT_RESPONSIVE", "clause": "第3.2条", "fact": "工期不响应"}
    with transaction.atomic():
        reviewing.vote(
            panel_id=room.panel_id,
            seat_id=seat.pk,
            bid_id=bid.pk,
            passed=not against,
            actor="tests",
            now=MEETS,
            **(told | grounds),
        )


def close_review(room: Room, *, seat: Seat | None = None) -> None:
    """Count the votes."""
    with transaction.atomic():
        reviewing.close(
            panel_id=room.panel_id,
            seat_id=(seat or room.chair).pk,
            seed=b"t" * 32,
            actor="tests",
            now=MEETS,
        )


def scoring_room(room: Room, *, reject: tuple[Bid, ...] = ()) -> Room:
    """A panel that scores; `reject` bids were rejected by all."""
    for seat in room.seats:
        for bid in room.bids:
            vote(room, seat, bid, against=bid in reject)
    close_review(room)
    return room


def score(room: Room, seat: Seat, bid: Bid, criterion: str, value: str, *, note: str = "") -> None:
    """Save one cell."""
    with transaction.atomic():
        scoring.save(
            panel_id=room.panel_id,
            seat_id=seat.pk,
            bid_id=bid.pk,
            criterion=criterion,
            value=Decimal(value),
            note=note,
            page=None,
            actor="tests",
            now=MEETS,
        )


def lock(room: Room, seat: Seat, *, expected: str | None = None) -> Seat:
    """Freeze a member's scores, by default as they are."""
    with transaction.atomic():
        return scoring.lock(
            panel_id=room.panel_id,
            seat_id=seat.pk,
            expected=scoring.digest_of(seat) if expected is None else expected,
            signature=uuid4(),
            actor="tests",
            now=MEETS,
        )


# By bidder: plan (25), safety (15), credit (10); judged ones vary by seat, facts do not.
SCORES = ((20, 12, 10), (22, 11, 8), (18, 13, 6))


def scored(room: Room, *, scores: Any = SCORES, spread: str = "0.5") -> Room:
    """All cells filled: member number n gives n − 3 steps more than the middle."""
    for number, seat in enumerate(room.seats):
        shift = Decimal(spread) * (number - 2)
        for bid, (plan, safety, credit) in zip(room.bids, scores, strict=True):
            if bid.pk not in {one.pk for one in scoring.scored(room.panel)}:
                continue
            score(room, seat, bid, "plan", str(plan + shift))
            score(room, seat, bid, "safety", str(safety))
            score(room, seat, bid, "credit", str(credit))
    return room


def locked(room: Room) -> Room:
    """All have locked."""
    for seat in room.seats:
        lock(room, seat)
    return room


def summarise(room: Room, *, seat: Seat | None = None) -> None:
    """Sum up."""
    with transaction.atomic():
        summarising.summarise(
            panel_id=room.panel_id,
            seat_id=(seat or room.chair).pk,
            actor="tests",
            now=MEETS,
        )


def sign(room: Room, seat: Seat, *, opinion: str = "", sha256: str | None = None) -> None:
    """Sign the report; with an opinion, as a dissent."""
    with transaction.atomic():
        signing.sign(
            panel_id=room.panel_id,
            seat_id=seat.pk,
            agrees=not opinion,
            opinion=opinion,
            report_sha256=sha256 or room.panel.report.sha256,
            signature=uuid4(),
            actor="tests",
            now=MEETS,
        )


def at_review(**facts: Any) -> Room:
    """From nothing to the preliminary review."""
    stocked()
    return reviewing_room(seated(drawn(handed_over(opened(**facts)))))


def at_scoring(**facts: Any) -> Room:
    """From nothing to scoring, nobody rejected."""
    return scoring_room(at_review(**facts))


def at_signing(**facts: Any) -> Room:
    """From nothing to a report to be signed."""
    room = locked(scored(at_scoring(**facts)))
    summarise(room)
    return room


def person_of(seat: Seat) -> Person:
    """Who sits there."""
    return seat.person
