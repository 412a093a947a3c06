"""One panel from the draw to the report, through the services."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from core.formulas import evaluate, read_case
from tests.evaluation import rooms
from trading.models import Bid, Lot

pytestmark = pytest.mark.django_db(transaction=True)


class TestAPanel:
    def test_goes_from_the_draw_to_a_report_that_ranks_the_bids(self):
        room = rooms.at_signing()
        assert room.panel.state == "SIGNING"
        for seat in room.seats:
            rooms.sign(room, seat)
        assert room.panel.state == "REPORTED"
        lot = Lot.objects.get(pk=room.world.lot.pk)
        assert lot.state == "REPORTED"
        assert [row.rank for row in lot.candidates.all()] == [1, 2, 3]
        assert set(Bid.objects.filter(lot=lot).values_list("state", flat=True)) == {"VALID"}

    def test_gives_the_totals_reckoned_by_hand_in_track_t(self):
        room = rooms.at_signing()
        rows = {row["key"]: row for row in room.panel.result.outcome["bids"]}
        first, second, third = (rows[str(bid.pk)] for bid in room.bids)
        # mean 9,400,000.00 × 0.97 = 9,118,000.00; 9.5 m is 4.1895 % above: 50 × (100 − 3.7705) %
        assert room.panel.result.outcome["benchmark"] == "9118000.00"
        assert [row["price_score"] for row in (first, second, third)] == ["48.11", "48.61", "49.10"]
        # plan and safety average to their middle, credit is a fact: 42, 41, 37
        assert [row["total"] for row in (first, second, third)] == ["90.11", "89.61", "86.10"]
        assert [row["rank"] for row in (first, second, third)] == [1, 2, 3]
