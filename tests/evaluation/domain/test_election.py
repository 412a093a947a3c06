"""The vote for the leader: the most votes, a second round among the tied, then the seat."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.election import Tally, tally

VOTES = st.lists(st.integers(1, 9), min_size=1, max_size=9)


class TestTheFirstRound:
    @pytest.mark.parametrize(
        ("votes", "leader"), [([3, 3, 3, 1, 2], 3), ([1, 2, 2, 3, 4], 2), ([5], 5)]
    )
    def test_elects_whom_most_voted_for_a_majority_or_not(self, votes, leader):
        assert tally(votes, round_number=1) == Tally(leader=leader)

    @pytest.mark.parametrize(
        ("votes", "tied"),
        [([5, 5, 2, 2, 3], (2, 5)), ([4, 3, 2, 1, 5], (1, 2, 3, 4, 5)), ([9, 1], (1, 9))],
    )
    def test_sends_the_tied_to_the_second_in_the_order_of_seats(self, votes, tied):
        assert tally(votes, round_number=1) == Tally(leader=None, tied=tied)


class TestTheSecondRound:
    def test_elects_whom_most_voted_for_whatever_the_seat(self):
        assert tally([5, 5, 5, 2, 2], round_number=2) == Tally(leader=5)

    def test_gives_the_lead_to_the_lowest_seat_if_tied_again(self):
        assert tally([5, 5, 2, 2], round_number=2) == Tally(leader=2)

    def test_is_the_last(self):
        assert tally([5, 5, 2, 2], round_number=3).leader == 2


class TestAVote:
    @given(VOTES, st.randoms(use_true_random=False), st.integers(1, 2))
    def test_counts_the_same_whenever_it_was_cast(self, votes, random, round_number):
        shuffled = list(votes)
        random.shuffle(shuffled)
        assert tally(shuffled, round_number=round_number) == tally(votes, round_number=round_number)

    @given(VOTES, st.integers(1, 2))
    def test_more_never_takes_the_lead_away(self, votes, round_number):
        leader = tally(votes, round_number=round_number).leader
        if leader is not None:
            assert tally([*votes, leader], round_number=round_number).leader == leader
