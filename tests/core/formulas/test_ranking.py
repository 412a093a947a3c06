from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formulas import BadFormula, NotBuilt, Standing, rank

from .cases import answer, goods, scored

RULES = ("lower_price", "higher_technical", "draw")
STANDINGS = st.lists(
    st.builds(
        Standing,
        key=st.text("abcdefgh", min_size=1, max_size=3),
        total=st.sampled_from([Decimal(90), Decimal("90.5")]),
        evaluated_fen=st.sampled_from([Decimal(1), Decimal(2)]),
        technical=st.sampled_from([Decimal(50), Decimal(51)]),
    ),
    max_size=8,
    unique_by=lambda standing: standing.key,
)


def standing(key, total, price=100, technical=50):
    return Standing(
        key=key,
        total=Decimal(total),
        evaluated_fen=Decimal(price),
        technical=Decimal(technical),
    )


def ranks(ranking):
    return [(place.key, place.rank) for place in ranking.places]


def backwards(tied):
    return tuple(reversed(tied))


class TestTenderingLaw:
    def test_ranks_by_total(self):
        found = rank([standing("a", "88.5"), standing("b", "91"), standing("c", "90")], track="T")
        assert ranks(found) == [("b", 1), ("c", 2), ("a", 3)]
        assert found.first == "b"

    def test_parts_a_tie_by_the_documents_rules_in_their_order(self):
        tied = [standing("a", 90, 120, 60), standing("b", 90, 100, 40)]
        price_first = rank(tied, track="T", tie_rule=RULES[:2])
        merit_first = rank(tied, track="T", tie_rule=("higher_technical", "lower_price"))
        assert ranks(price_first) == [("b", 1), ("a", 2)]
        assert ranks(merit_first) == [("a", 1), ("b", 2)]

    def test_goes_on_to_the_next_rule_when_one_does_not_part(self):
        tied = [standing("a", 90, 100, 40), standing("b", 90, 100, 60)]
        assert ranks(rank(tied, track="T", tie_rule=RULES)) == [("b", 1), ("a", 2)]

    def test_draws_at_last(self):
        tied = [standing("a", 90), standing("c", 90), standing("b", 90), standing("d", 80)]
        found = rank(tied, track="T", tie_rule=RULES, draw=backwards)
        assert ranks(found) == [("c", 1), ("b", 2), ("a", 3), ("d", 4)]
        assert found.pending == ()

    def test_waits_for_a_draw_that_was_not_held(self):
        tied = [standing("b", 90), standing("a", 90), standing("c", 80)]
        found = rank(tied, track="T", tie_rule=RULES)
        assert ranks(found) == [("a", 1), ("b", 1), ("c", 3)]
        assert found.pending == (("a", "b"),)
        assert found.first is None

    def test_shares_a_rank_where_no_rule_parts(self):
        tied = [standing("b", 90), standing("a", 90), standing("c", 80)]
        found = rank(tied, track="T")
        assert ranks(found) == [("a", 1), ("b", 1), ("c", 3)]
        assert found.pending == ()


class TestGovernmentProcurement:
    def test_ranks_by_total_then_by_the_lower_evaluated_price(self):
        found = rank([standing("a", 90, 120), standing("b", 90, 100)], track="G")
        assert ranks(found) == [("b", 1), ("a", 2)]

    def test_shares_a_rank_when_both_are_equal(self):
        tied = [standing("a", 90), standing("b", 90), standing("c", 85), standing("d", 85)]
        found = rank(tied, track="G", draw=backwards)
        assert ranks(found) == [("b", 1), ("a", 1), ("c", 3), ("d", 3)]

    def test_draws_among_the_joint_first_only(self):
        asked = []

        def draw(tied):
            asked.append(tied)
            return tied

        tied = [standing("a", 90), standing("b", 90), standing("c", 85), standing("d", 85)]
        assert rank(tied, track="G", tie_rule=("draw",), draw=draw).first == "a"
        assert asked == [("a", "b")]

    def test_lets_the_purchasers_rule_choose_before_the_draw(self):
        tied = [standing("a", 90, 100, 50), standing("b", 90, 100, 51)]
        found = rank(tied, track="G", tie_rule=("higher_technical",))
        assert found.first == "b"
        assert ranks(found) == [("b", 1), ("a", 1)]

    def test_waits_for_the_draw_the_law_orders(self):
        found = rank([standing("a", 90), standing("b", 90)], track="G")
        assert found.pending == (("a", "b"),)
        assert found.first is None


class TestRanking:
    @given(
        STANDINGS, st.sampled_from("TG"), st.permutations(RULES), st.integers(0, 3), st.randoms()
    )
    def test_does_not_care_for_the_order_of_bids(self, standings, track, rules, count, chance):
        mixed = list(standings)
        chance.shuffle(mixed)
        one, other = (
            rank(given, track=track, tie_rule=rules[:count], draw=backwards)
            for given in (standings, mixed)
        )
        assert one == other

    @given(STANDINGS, st.sampled_from("TG"))
    def test_never_puts_a_lower_total_before_a_higher(self, standings, track):
        totals = {given.key: given.total for given in standings}
        order = [totals[place.key] for place in rank(standings, track=track).places]
        assert order == sorted(order, reverse=True)

    @given(STANDINGS, st.permutations(RULES))
    def test_with_a_draw_leaves_no_two_alike(self, standings, rules):
        found = rank(standings, track="T", tie_rule=rules, draw=backwards)
        assert [place.rank for place in found.places] == list(range(1, len(standings) + 1))

    def test_of_nobody_is_empty(self):
        found = rank([], track="G")
        assert (found.places, found.first, found.candidates(3)) == ((), None, ())

    def test_gives_no_more_candidates_than_asked_for(self):
        found = rank([standing("a", 90), standing("b", 80), standing("c", 70)], track="T")
        assert found.candidates(2) == ("a", "b")
        assert found.candidates(5) == ("a", "b", "c")

    def test_refuses_a_draw_among_others(self):
        with pytest.raises(BadFormula, match="not among a, b"):
            rank([standing("a", 9), standing("b", 9)], track="G", draw=lambda _tied: ("a", "c"))

    def test_does_not_vote_yet(self):
        with pytest.raises(NotBuilt, match="vote") as caught:
            rank([], track="T", tie_rule=("lower_price", "vote"))
        assert caught.value.pointer == "/rules/tie_rule/1"

    @pytest.mark.parametrize("rules", [("coin",), ("draw", "draw")])
    def test_refuses_rules_it_does_not_know_or_has_had(self, rules):
        with pytest.raises(BadFormula):
            rank([], track="T", tie_rule=rules)


class TestACase:
    @pytest.fixture
    def tied(self):
        """Two goods bids equal in score and price, a third behind."""
        sheet = {bid: {"tech": ["50", "50"], "firm": ["8", "8"]} for bid in "abc"}
        case = scored(goods(96, 96, 100), sheet)
        case["bids"].reverse()
        return case

    def test_names_the_tie_that_waits(self, tied):
        found = answer(tied)
        assert found["pending_draws"] == [["a", "b"]]
        assert found["first"] is None
        assert {bid["key"]: bid["rank"] for bid in found["bids"]} == {"a": 1, "b": 1, "c": 3}

    def test_takes_the_draw_that_was_held(self, tied):
        tied["draws"] = [["b", "a"]]
        found = answer(tied)
        assert found["first"] == "b"
        assert found["candidates"] == ["b", "a", "c"]
        assert found["pending_draws"] == []

    def test_leaves_a_draw_of_others_aside(self, tied):
        tied["draws"] = [["b", "c"]]
        assert answer(tied)["pending_draws"] == [["a", "b"]]

    def test_gives_as_many_candidates_as_the_documents_say(self, tied):
        tied["draws"] = [["b", "a"]]
        tied["rules"]["candidates"] = 1
        assert answer(tied)["candidates"] == ["b"]
