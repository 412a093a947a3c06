"""Preliminary review: votes, grounds, the ceiling, the majority."""

from __future__ import annotations

import pytest

from core.verdicts import Refusal
from evaluation.domain import reviewing
from evaluation.models import Panel, ReviewDecision
from evaluation.selectors import room
from tests.evaluation import rooms
from trading.models import Lot


def votes(*passed):
    return [
        reviewing.Vote(
            seat=number, passed=ok, code="" if ok else "REJECT_FORM", clause="1", fact="x"
        )
        for number, ok in enumerate(passed, start=1)
    ]


class TestTheMajority:
    def test_rejects_with_three_of_five(self):
        decision = reviewing.decide(votes(False, False, False, True, True))
        assert (decision.passed, decision.code) == (False, "REJECT_FORM")
        assert (decision.votes_for, decision.votes_against) == (2, 3)

    def test_does_not_reject_with_half(self):
        decision = reviewing.decide(votes(False, False, True, True))
        assert decision.passed
        assert decision.code == ""

    def test_takes_the_ground_most_of_it_named(self):
        said = [
            reviewing.Vote(seat=1, passed=False, code="REJECT_FORM", clause="1", fact="a"),
            reviewing.Vote(seat=2, passed=False, code="REJECT_QUAL", clause="2", fact="b", page=17),
            reviewing.Vote(seat=3, passed=False, code="REJECT_QUAL", clause="3", fact="c"),
        ]
        decision = reviewing.decide(said)
        assert (decision.code, decision.clause, decision.fact) == ("REJECT_QUAL", "2", "b")
        assert decision.page == 17


class TestTheCeiling:
    def test_proposes_rejection_one_fen_above_with_the_figures(self):
        found = reviewing.proposal(price_fen=1_000_001, ceiling_fen=1_000_000, track="T")
        assert found.code == "REJECT_PRICE_HIGH"
        assert (found.price_fen, found.ceiling_fen) == (1_000_001, 1_000_000)

    @pytest.mark.parametrize("price", [1_000_000, 999_999])
    def test_lets_a_price_up_to_it_pass(self, price):
        assert reviewing.proposal(price_fen=price, ceiling_fen=1_000_000, track="T") is None


@pytest.mark.django_db
class TestVoting:
    def test_needs_grounds_to_reject(self, in_review):
        seat, bid = in_review.seats[1], in_review.bids[0]
        for missing in ("code", "clause", "fact"):
            with pytest.raises(Refusal) as refused:
                rooms.vote(in_review, seat, bid, against=True, **{missing: ""})
            assert refused.value.reason.code == "S-033"
        rooms.vote(in_review, seat, bid, against=True)

    def test_may_be_changed_until_the_close(self, in_review):
        seat, bid = in_review.seats[1], in_review.bids[0]
        rooms.vote(in_review, seat, bid, against=True)
        rooms.vote(in_review, seat, bid)
        row = seat.review_votes.get(bid=bid)
        assert (row.passed, row.code, row.fact) == (True, "", "")

    def test_cannot_pass_a_price_above_the_ceiling(self, in_review):
        Lot.objects.filter(pk=in_review.world.lot.pk).update(ceiling_fen=949_999_999)
        with pytest.raises(Refusal) as refused:
            rooms.vote(in_review, in_review.seats[0], in_review.bids[0])
        assert refused.value.reason.code == "S-034"
        rooms.vote(in_review, in_review.seats[0], in_review.bids[1])

    def test_ends_only_when_all_have_voted_on_all(self, in_review):
        for bid in in_review.bids:
            rooms.vote(in_review, in_review.seats[0], bid)
        with pytest.raises(Refusal) as refused:
            rooms.close_review(in_review)
        assert refused.value.reason.facts["count"] == 12
        rooms.scoring_room(in_review)
        assert ReviewDecision.objects.filter(panel=in_review.panel, passed=True).count() == 3

    def test_leaves_the_page_of_the_evidence_with_the_decision(self, in_review):
        rejected = in_review.bids[0]
        for seat in in_review.seats:
            for bid in in_review.bids:
                grounds = {"page": 217} if bid == rejected else {}
                rooms.vote(in_review, seat, bid, against=bid == rejected, **grounds)
        rooms.close_review(in_review)
        assert ReviewDecision.objects.get(bid=rejected).page == 217
        panel = Panel.objects.get(pk=in_review.panel_id)
        decisions = room.state(panel, in_review.chair)["decisions"]
        assert {row["page"] for row in decisions} == {217, None}

    def test_is_ended_by_the_leader_alone(self, in_review):
        with pytest.raises(Refusal) as refused:
            rooms.close_review(in_review, seat=in_review.seats[1])
        assert refused.value.reason.code == "S-032"
