"""The majority of a review and the grounds it leaves; what a price above the ceiling proposes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.reviewing import Decision, Proposal, Vote, decide, proposal

CODES = ("REJECT_FORM", "REJECT_QUAL", "REJECT_RESPONSIVE")


def against(seat, code="REJECT_FORM", **more):
    return Vote(
        seat=seat, passed=False, code=code, clause=f"条款{seat}", fact=f"事实{seat}", **more
    )


def votes():
    def one(seat):
        return st.one_of(
            st.just(Vote(seat=seat, passed=True)),
            st.sampled_from(CODES).map(lambda code: against(seat, code, page=seat)),
        )

    return st.integers(1, 9).flatmap(
        lambda count: st.tuples(*(one(seat) for seat in range(1, count + 1)))
    )


class TestADecision:
    def test_to_pass_names_no_grounds(self):
        assert decide([Vote(seat=1, passed=True), against(2, page=3)]) == Decision(
            passed=True, code="", clause="", fact="", page=None, votes_for=1, votes_against=1
        )

    def test_to_reject_needs_more_than_half_not_half(self):
        half = [against(1), against(2), Vote(seat=3, passed=True), Vote(seat=4, passed=True)]
        assert decide(half).passed
        assert not decide([*half, against(5)]).passed

    def test_takes_the_words_of_the_lowest_seat_that_named_its_ground(self):
        said = [against(4, "REJECT_QUAL", page=4), against(3, "REJECT_QUAL", page=3), against(1)]
        assert decide(said) == Decision(
            passed=False,
            code="REJECT_QUAL",
            clause="条款3",
            fact="事实3",
            page=3,
            votes_for=0,
            votes_against=3,
        )

    def test_between_grounds_named_equally_often_follows_the_lowest_seat(self):
        said = [against(2, "REJECT_QUAL"), against(1, "REJECT_RESPONSIVE")]
        assert decide(said).code == "REJECT_RESPONSIVE"

    @given(votes(), st.randoms(use_true_random=False))
    def test_does_not_hang_on_the_order_votes_come_in(self, said, random):
        shuffled = list(said)
        random.shuffle(shuffled)
        assert decide(shuffled) == decide(said)

    @given(votes())
    def test_counts_every_member_once_and_rejects_by_majority_alone(self, said):
        decision = decide(said)
        no = sum(not vote.passed for vote in said)
        assert (decision.votes_for, decision.votes_against) == (len(said) - no, no)
        assert decision.passed == (no <= len(said) / 2)
        assert bool(decision.code) != decision.passed

    @given(votes())
    def test_once_a_rejection_stays_one_with_a_further_vote_against(self, said):
        if not decide(said).passed:
            assert not decide([*said, against(99)]).passed


class TestAPriceAboveTheCeiling:
    def test_is_proposed_for_rejection_by_tendering_law(self):
        assert proposal(price_fen=1_000_001, ceiling_fen=1_000_000, track="T") == Proposal(
            code="REJECT_PRICE_HIGH",
            clause="《招标投标法实施条例》第五十一条第五项",
            price_fen=1_000_001,
            ceiling_fen=1_000_000,
        )

    def test_is_proposed_by_the_measures_of_government_procurement(self):
        told = proposal(price_fen=1_000_001, ceiling_fen=1_000_000, track="G")
        assert told.clause == "《政府采购货物和服务招标投标管理办法》第六十三条第四项"

    def test_on_a_track_without_a_list_of_its_own_follows_tendering_law(self):
        told = proposal(price_fen=2, ceiling_fen=1, track="SUB")
        assert told.clause == "《招标投标法实施条例》第五十一条第五项"

    @pytest.mark.parametrize(("price", "ceiling"), [(1_000_000, 1_000_000), (1, 2), (1, None)])
    def test_is_not_seen_in_a_price_up_to_it_or_without_one(self, price, ceiling):
        assert proposal(price_fen=price, ceiling_fen=ceiling, track="T") is None
