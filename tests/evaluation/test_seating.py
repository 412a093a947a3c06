"""At the site: avoidance, the substitute, the election of the leader."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.verdicts import Refusal
from evaluation.domain.election import tally
from evaluation.domain.lifecycle import PANEL, SEAT
from evaluation.models import Declaration
from evaluation.services import seating
from evaluation.services.seating import Statement
from tests.evaluation import rooms


class TestTheElection:
    @given(st.lists(st.integers(1, 5), min_size=5, max_size=5))
    def test_ends_after_two_rounds_at_the_latest_with_one_who_got_votes(self, votes):
        first = tally(votes, round_number=1)
        if first.leader is None:
            assert len(first.tied) > 1
            assert tally(votes, round_number=2).leader == min(first.tied)
        else:
            assert votes.count(first.leader) == max(votes.count(one) for one in votes)

    def test_goes_to_a_second_round_among_the_tied(self):
        assert tally([1, 1, 2, 2, 3], round_number=1).tied == (1, 2)
        assert tally([1, 2, 2, 2, 1], round_number=1).leader == 2


class TestThePath:
    def test_of_a_panel_has_one_way_to_a_report(self):
        assert PANEL.terminal == {"REPORTED", "DISSOLVED"}
        assert PANEL.sources("report") == ("SIGNING",)
        assert PANEL.sources("vacate") == ("FORMED", "SITTING")

    def test_of_a_seat_is_never_taken_twice(self):
        assert SEAT.terminal == {"DECLINED", "RECUSED", "CANCELLED"}


@pytest.mark.django_db
class TestAvoidance:
    def test_is_declared_for_every_bidder_with_a_reason_if_related(self, invited):
        room = rooms.seated(invited)
        parties = [str(bid.party_id) for bid in room.bids]
        good = [Statement(party=party, related=False) for party in parties]
        bad = [
            good[:2],
            [*good, good[0]],
            [*good[:2], Statement(party=str(uuid4()), related=False)],
            [*good[:2], Statement(party=parties[2], related=True)],
        ]
        for statements in bad:
            with pytest.raises(Refusal) as refused, transaction.atomic():
                seating.declare(
                    panel_id=room.panel_id,
                    seat_id=room.seats[0].pk,
                    statements=statements,
                    signature=uuid4(),
                    actor="tests",
                    now=rooms.MEETS,
                )
            assert refused.value.reason.code == "S-024"
        rooms.declare(room, room.seats[0])

    def test_sends_a_related_member_away_and_the_next_of_the_order_in(self, invited):
        room = rooms.seated(invited)
        gone, others = room.seats[0], room.seats[1:]
        for seat in others:
            rooms.declare(room, seat)
        for seat in others:
            rooms.vote_leader(room, seat, others[0])
        rooms.declare(room, gone, related=room.bids[0].party_id)
        gone.refresh_from_db()
        assert (gone.state, room.panel.state) == ("RECUSED", "INVITING")
        new = room.seats[-1]
        assert (new.code, new.state) == ("E-06", "NOTIFIED")
        rooms.seated(room)
        assert room.panel.state == "SITTING"
        rooms.declare(room, new)
        # The votes cast with the member who left are void.
        for seat in room.seats:
            rooms.vote_leader(room, seat, others[1])
        for seat in room.seats:
            rooms.read_criteria(room, seat)
        assert (room.panel.state, room.leader) == ("REVIEW", others[1])

    def test_once_declared_stays(self, in_review):
        with pytest.raises(IntegrityError), transaction.atomic():
            Declaration.objects.filter(seat=in_review.seats[0]).update(answers=[])

    def test_comes_before_voting_and_reading(self, invited):
        room = rooms.seated(invited)
        for act in (
            lambda: rooms.vote_leader(room, room.seats[0], room.seats[0]),
            lambda: rooms.read_criteria(room, room.seats[0]),
        ):
            with pytest.raises(Refusal) as refused:
                act()
            assert refused.value.reason.code == "S-025"


@pytest.mark.django_db
class TestALeader:
    def test_of_a_second_round_is_one_of_the_tied(self, invited):
        room = rooms.seated(invited)
        seats = room.seats
        for seat in seats:
            rooms.declare(room, seat)
        for seat, choice in zip(seats, (0, 0, 1, 1, 2), strict=True):
            rooms.vote_leader(room, seat, seats[choice])
        assert (room.panel.vote_round, room.leader) == (2, None)
        with pytest.raises(Refusal) as refused:
            rooms.vote_leader(room, seats[0], seats[2])
        assert refused.value.reason.code == "S-027"
        for seat, choice in zip(seats, (0, 0, 1, 1, 1), strict=True):
            rooms.vote_leader(room, seat, seats[choice])
        assert room.leader == seats[1]
