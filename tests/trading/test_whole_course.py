"""One lot from draft to published evidence, through the services."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction

from audit.services.keys import log_key
from bank_escrow.services import Basis
from sealing.opening.verify import verify_opening
from sealing.suites import SuiteId
from tests import people, worlds
from tests.realtime import crowd
from trading.models import Bid, Lot, Notice, Opening
from trading.services import refunding, withdrawal
from trading.services.opening import ending, opening_forms

pytestmark = pytest.mark.django_db(transaction=True)

BIDDERS = (people.sun, people.li, people.zhou)
PRICES = (950_000_000, 940_000_000, 930_000_000)


def opened_world(**facts):
    world = worlds.published(**facts)
    parties = [
        worlds.submitted(world, bidder(), price_fen=price)
        for bidder, price in zip(BIDDERS, PRICES, strict=True)
    ]
    worlds.closed(world)
    worlds.to_stage(world, "DECRYPT_BIDDER")
    for party in parties:
        assert worlds.release_own(world, party)
    worlds.step(world)
    worlds.release_host(world)
    return world, parties


class TestALot:
    @pytest.mark.parametrize("suite", list(SuiteId))
    def test_is_opened_and_its_evidence_convinces_an_outsider(self, suite):
        world, _ = opened_world(suite=suite.value)
        later = worlds.DEADLINE + timedelta(hours=1)
        assert Opening.objects.get(pk=world.lot.pk).stage == "RECOUNT"
        assert [
            line.price_fen
            for line in Opening.objects.get(pk=world.lot.pk).lines.order_by("price_fen")
        ] == sorted(PRICES)
        worlds.to_stage(world, "SIGN", now=later)
        worlds.record_signed(world, now=later)
        opening = Opening.objects.get(pk=world.lot.pk)
        assert Lot.objects.get(pk=world.lot.pk).state == "OPENED"
        assert Notice.objects.filter(lot=world.lot, kind="opening").count() == 1
        assert opening_forms.open_packages(lot_id=world.lot.pk, now=later) == 3
        worlds.log_ticks(now=later)
        assert ending.publish_document(lot_id=world.lot.pk, now=later)
        opening.refresh_from_db()
        report = verify_opening(
            json.dumps(opening.document).encode(),
            checkpoint=opening.document_checkpoint,
            log_key=log_key(),
            receipts=list(Bid.objects.filter(lot=world.lot).values_list("receipt", flat=True)),
        )
        assert report.valid, report.checks

    def test_with_two_bids_fails_before_anything_is_decrypted(self):
        world = worlds.published()
        for bidder, price in zip(BIDDERS[:2], PRICES, strict=False):
            worlds.submitted(world, bidder(), price_fen=price)
        worlds.closed(world)
        worlds.to_stage(world, "START")
        assert worlds.step(world) == "FAILED"
        lot = Lot.objects.get(pk=world.lot.pk)
        assert (lot.state, lot.state_code) == ("FAILED", "FAILED_LT3")
        assert set(lot.bids.values_list("state", flat=True)) == {"UNOPENED"}

    def test_that_fails_gives_every_deposit_back(self, monkeypatch):
        ordered = []
        monkeypatch.setattr(refunding, "order_refunds", lambda **facts: ordered.append(facts))
        world = worlds.published(security_fen=20_000_000)
        for bidder, price in zip(BIDDERS[:2], PRICES, strict=False):
            worlds.submitted(world, bidder(), price_fen=price)
        worlds.closed(world)
        worlds.to_stage(world, "START")
        assert ordered == []
        assert worlds.step(world) == "FAILED"
        assert [(order["reference"], order["parties"]) for order in ordered] == [
            (world.lot.pk, None)
        ]

    def test_gives_back_at_the_list_what_those_paid_who_are_no_bidders(self, monkeypatch):
        ordered = []
        monkeypatch.setattr(refunding, "order_refunds", lambda **facts: ordered.append(facts))
        world = worlds.published(security_fen=20_000_000)
        for bidder, price in zip(BIDDERS, PRICES, strict=True):
            worlds.submitted(world, bidder(), price_fen=price)
        gone = worlds.submitted(world, crowd.bidder(1), price_fen=900_000_000)
        left_at = worlds.DEADLINE - timedelta(hours=1)
        with transaction.atomic():
            withdrawal.withdraw(party=gone, actor="tests", now=left_at)
        idle = worlds.joined(world, crowd.bidder(2))
        worlds.closed(world)
        worlds.to_stage(world, "START")
        assert ordered == []
        worlds.to_stage(world, "DECRYPT_BIDDER")
        told = {order["basis"]: (order["parties"], order["since"]) for order in ordered}
        assert told == {
            Basis.WITHDRAWN: ({gone.pk}, left_at),
            Basis.NOT_COUNTED: ({idle.pk}, told[Basis.NOT_COUNTED][1]),
        }
        assert told[Basis.NOT_COUNTED][1] >= worlds.DEADLINE
