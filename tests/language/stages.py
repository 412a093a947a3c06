"""One lot from its draft to the contract, standing still wherever the pages change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from core.zone import local_day
from tests import people, worlds
from tests.evaluation import rooms
from trading.models import Lot, Notice, Opening, Tender
from trading.services import amending, authoring, awarding, enquiries, result_objections, suspending
from trading.services.opening import answers, ending, opening_forms
from venues.models import Room

EARLY = worlds.DEADLINE - timedelta(days=20)
BEFORE = worlds.DEADLINE - timedelta(minutes=30)
HALL = worlds.DEADLINE + timedelta(minutes=2)
AFTER = worlds.DEADLINE + timedelta(hours=1)
PANEL = ("eval/", "expert", "desk/draw", "desk/eval")
#: The first is above the ceiling, so that the review has a rejection to propose.
PRICES = (1_050_000_000, 940_000_000, 930_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A moment to look around at, and the tender whose pages change there.

    `under` begins the routes worth a look: while the panel works only its own pages change.
    """

    name: str
    at: datetime
    tender: Tender
    under: tuple[str, ...] = ("",)


def course() -> Iterator[Stop]:
    """Drive one lot along, and stop at each stage."""
    for number in ("2", "3"):  # one for each tender of this hour
        Room.objects.create(centre=people.centre(), kind="OPENING", name=f"开标室{number}")
    yield Stop(name="draft", at=worlds.DRAFTED, tender=_draft())
    world = worlds.published()
    tender = world.tender
    parties = _bidding(world)
    yield Stop(name="bidding", at=BEFORE, tender=tender)
    worlds.closed(world)
    worlds.to_stage(world, "DECRYPT_BIDDER")
    assert worlds.release_own(world, parties[0])
    yield Stop(name="decrypting", at=HALL, tender=tender)
    for party in parties[1:]:
        assert worlds.release_own(world, party)
    worlds.step(world)
    worlds.release_host(world)
    worlds.to_stage(world, "OBJECTION", now=AFTER)
    _objecting(world, parties[0])
    yield Stop(name="objecting", at=AFTER, tender=tender)
    yield from _evaluated(_opened(world))
    yield from _awarded(world, parties[1])
    yield _failed()
    yield _suspended()


def _draft() -> Tender:
    """A draft that lacks everything and whose plan is unlawful."""
    author = people.zhao()
    with transaction.atomic():
        tender = authoring.draft(
            centre=people.centre(),
            procuring_entity=people.organisation_of(author),
            agency=None,
            person=author,
            facts={
                "legal_track": "T",
                "category": "works",
                "title": "金鸡湖大道绿化工程",
                "host_site": "320500",
                "decrypt_minutes": 30,
                "documents_issued_at": worlds.DRAFTED - timedelta(days=1),
                "deadline_at": worlds.DRAFTED + timedelta(days=6, hours=12),
            },
            now=worlds.DRAFTED,
        )
        authoring.save_lot(
            tender=tender,
            lot_id=None,
            facts={
                "number": "1",
                "title": "绿化标段",
                "estimate_fen": 0,
                "ceiling_fen": None,
                "bid_security_fen": 100_000_000,
                "price_formula": worlds.M1 | {"weight": "40"},
                "outlier_rule": None,
                "tie_rule": ["lower_price"],
                "candidates_count": 3,
                "max_lots_won": None,
            },
            criteria=worlds.CRITERIA[:-1],
            person=author,
            now=worlds.DRAFTED,
        )
    return tender


def _bidding(world):
    """Firms join, ask, are answered, are told of an addendum, and submit."""
    tender = world.tender
    parties = [worlds.joined(world, bidder()) for bidder in rooms.BIDDERS]
    with transaction.atomic():
        asked = enquiries.ask(
            tender=tender,
            organisation=people.organisation_of(people.sun()),
            text="清单第三项的单位是什么？",
            is_objection=False,
            now=EARLY,
        )
        enquiries.answer(
            tender=tender, enquiry_id=asked.pk, text="平方米。", person=people.zhao(), now=EARLY
        )
        amending.amend(
            tender=tender,
            summary="更正清单第三项的单位",
            content={"清单第三项": "平方米"},
            new_deadline_at=None,
            files=[SimpleUploadedFile("补遗.pdf", b"%PDF-1.7 addendum")],
            affects_preparation=False,
            person=people.zhao(),
            signature=uuid4(),
            now=EARLY,
        )
    for bidder, price in zip(rooms.BIDDERS, PRICES, strict=True):
        worlds.submitted(world, bidder(), price_fen=price)
    return parties


def _objecting(world, party) -> None:
    with transaction.atomic():
        answers.object_to(party=party, text="唱标有误", signature=uuid4(), actor="tests", now=AFTER)


def _opened(world) -> rooms.Room:
    later = AFTER + timedelta(minutes=5)
    [objection] = Opening.objects.get(pk=world.lot.pk).objections.all()
    with transaction.atomic():
        answers.answer(
            lot_id=world.lot.pk,
            objection_id=objection.pk,
            text="已核对，无误。",
            by=people.zhao(),
            now=later,
        )
    worlds.to_stage(world, "SIGN", now=later)
    worlds.record_signed(world, now=later)
    opening_forms.open_packages(lot_id=world.lot.pk, now=later)
    worlds.log_ticks(now=later)
    ending.publish_document(lot_id=world.lot.pk, now=later)
    rooms.stocked()
    return rooms.drawn(rooms.handed_over(world))


def _evaluated(room: rooms.Room) -> Iterator[Stop]:
    tender = room.world.tender
    yield Stop(name="inviting", at=rooms.MEETS, tender=tender, under=PANEL)
    rooms.seated(room)
    yield Stop(name="declaring", at=rooms.MEETS, tender=tender, under=PANEL)
    rooms.reviewing_room(room)
    yield Stop(name="reviewing", at=rooms.MEETS, tender=tender, under=PANEL)
    rooms.scoring_room(room, reject=tuple(room.bids[:1]))
    yield Stop(name="scoring", at=rooms.MEETS, tender=tender, under=PANEL)
    rooms.locked(rooms.scored(room))
    rooms.summarise(room)
    yield Stop(name="signing", at=rooms.MEETS, tender=tender, under=PANEL)
    for seat in room.seats:
        rooms.sign(room, seat, opinion="方案可行" if seat is room.seats[-1] else "")


def _awarded(world, loser) -> Iterator[Stop]:
    lot, tender = world.lot, world.tender
    by: dict[str, Any] = {"person": people.zhao(), "signature": uuid4()}
    with transaction.atomic():
        awarding.publish_candidates(lot_id=lot.pk, now=rooms.MEETS, **by)
        objection = result_objections.object_to_result(
            lot=Lot.objects.select_related("tender").get(pk=lot.pk),
            party=loser,
            text="第一候选人业绩不符",
            actor="tests",
            now=rooms.MEETS,
        )
    yield Stop(name="candidates", at=rooms.MEETS, tender=tender)
    ended = Notice.objects.get(lot=lot, kind="candidates").ends_at
    assert ended is not None
    with transaction.atomic():
        result_objections.answer(
            lot=lot,
            objection_id=objection.pk,
            text="经核实相符",
            person=people.zhao(),
            now=rooms.MEETS,
        )
        awarding.award(lot_id=lot.pk, bid_id=None, reason="", now=ended, **by)
        made = awarding.notify(lot_id=lot.pk, now=ended, **by)
    assert made.kind == "award"
    later = ended + timedelta(days=1)
    with transaction.atomic():
        awarding.record_contract(
            lot_id=lot.pk,
            signed_on=local_day(later),
            amount_fen=Lot.objects.get(pk=lot.pk).award.price_fen,
            file=SimpleUploadedFile("合同.pdf", b"%PDF-1.7 contract"),
            now=later,
            **by,
        )
    yield Stop(name="contracted", at=later, tender=tender)


def _failed() -> Stop:
    """Another tender, for which too few firms bid."""
    world = worlds.published()
    for bidder, price in zip(rooms.BIDDERS[:2], PRICES, strict=False):
        worlds.submitted(world, bidder(), price_fen=price)
    worlds.closed(world)
    worlds.to_stage(world, "START")
    assert worlds.step(world) == "FAILED"
    return Stop(name="failed", at=HALL, tender=world.tender)


def _suspended() -> Stop:
    """A tender that stands still."""
    world = worlds.published()
    with transaction.atomic():
        suspending.suspend(
            tender=world.tender,
            reason="投诉处理",
            clause="《招标投标法实施条例》第六十二条",
            person=people.zhao(),
            signature=uuid4(),
            now=EARLY,
        )
    return Stop(name="suspended", at=EARLY, tender=world.tender)
