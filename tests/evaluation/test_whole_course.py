"""One panel from the draw to the report, through the services."""

from __future__ import annotations

import pytest

from tests.evaluation import rooms
from trading.models import Bid, Lot

pytestmark = pytest.mark.django_db


class TestAPanel:
    def test_goes_from_the_draw_to_a_report_that_ranks_the_bids(self, in_signing):
        for seat in in_signing.seats:
            rooms.sign(in_signing, seat)
        assert in_signing.panel.state == "REPORTED"
        lot = Lot.objects.get(pk=in_signing.world.lot.pk)
        assert lot.state == "REPORTED"
        assert [row.rank for row in lot.candidates.all()] == [1, 2, 3]
        assert [row.bid for row in lot.candidates.all()] == in_signing.bids
        assert set(Bid.objects.filter(lot=lot).values_list("state", flat=True)) == {"VALID"}

    def test_gives_the_totals_reckoned_by_hand_in_track_t(self, in_signing):
        outcome = in_signing.panel.result.outcome
        rows = {row["key"]: row for row in outcome["bids"]}
        first, second, third = (rows[str(bid.pk)] for bid in in_signing.bids)
        # Mean 9,400,000.00 × 0.97. 9.5 m lies 4.18951 % above: 50 × (100 − 3.77056) % = 48.11.
        assert outcome["benchmark"] == "9118000.00"
        assert [row["price_score"] for row in (first, second, third)] == ["48.11", "48.61", "49.10"]
        # Plan and safety average to their middle, credit is a fact: 42, 41, 37.
        assert [row["total"] for row in (first, second, third)] == ["90.11", "89.61", "86.10"]
        assert [row["rank"] for row in (first, second, third)] == [1, 2, 3]

    def test_rejects_by_majority_and_ranks_the_others(self, in_review):
        room, gone = in_review, in_review.bids[0]
        for number, seat in enumerate(room.seats):
            for bid in room.bids:
                rooms.vote(room, seat, bid, against=bid == gone and number < 3)
        rooms.close_review(room)
        rooms.locked(rooms.scored(room))
        rooms.summarise(room)
        for seat in room.seats:
            rooms.sign(room, seat)
        gone.refresh_from_db()
        assert (gone.state, gone.state_code) == ("REJECTED", "REJECT_RESPONSIVE")
        lot = Lot.objects.get(pk=room.world.lot.pk)
        assert [row.bid for row in lot.candidates.all()] == room.bids[1:]

    def test_ends_without_scores_when_all_are_rejected(self, in_review):
        room = rooms.scoring_room(in_review, reject=tuple(in_review.bids))
        assert room.panel.state == "SIGNING"
        for seat in room.seats:
            rooms.sign(room, seat)
        lot = Lot.objects.get(pk=room.world.lot.pk)
        assert (lot.state, lot.state_code) == ("FAILED", "FAILED_ALL_REJECTED")
