"""Settling a case, handing places on, and reckoning a filed outcome again."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.ranking import Place, differing, digest, places, recompute, settle

PRICE = {"key": "price", "title": "报价", "max": "40", "kind": "price"}
PLAN = {"key": "plan", "title": "方案", "max": "60", "kind": "judged"}


def case(points, *, track="T", tie_rule=("draw",), prices=None, **more):
    """A case whose bids differ by one member's points alone, unless prices are given."""
    return {
        "track": track,
        "formula": {"method": "gov_lowest", "weight": "40", "params": {}},
        "bids": [
            {"key": key, "price_fen": (prices or {}).get(key, 10_000)} for key in sorted(points)
        ],
        "rules": {"criteria": [PLAN, PRICE], "tie_rule": list(tie_rule), "candidates": 3},
        "scores": [
            {"member": "E-01", "bid": key, "criterion": "plan", "score": str(score)}
            for key, score in points.items()
        ],
        **more,
    }


def no_draw():
    raise AssertionError("nothing was tied")


class Urn:
    """Gives out one order and counts how often it was asked."""

    def __init__(self, order):
        self.order, self.asked = order, 0

    def __call__(self):
        self.asked += 1
        return self.order


class TestSettling:
    def test_asks_for_no_draw_where_nothing_is_tied(self):
        told = case({"a": 50, "b": 40})
        settled, outcome = settle(told, order=no_draw)
        assert settled == {**told, "draws": []}
        assert (outcome["first"], outcome["candidates"]) == ("a", ["a", "b"])

    def test_keeps_the_draws_that_were_held(self):
        told = case({"a": 50, "b": 50}, draws=[["b", "a"]])
        settled, outcome = settle(told, order=no_draw)
        assert settled["draws"] == [["b", "a"]]
        assert outcome["first"] == "b"

    def test_draws_every_tie_from_one_order(self):
        urn = Urn(["d", "b", "e", "a", "c"])
        settled, outcome = settle(case({"a": 50, "b": 50, "c": 40, "d": 30, "e": 30}), order=urn)
        assert urn.asked == 1
        assert settled["draws"] == [["b", "a"], ["d", "e"]]
        assert outcome["pending_draws"] == []
        assert [place.bid for place in places(outcome)] == ["b", "a", "c", "d", "e"]

    def test_draws_a_tie_that_shows_only_after_another(self):
        # The first draw has to part a and b before the price can find c and d equal.
        told = case({"a": 50, "b": 50}, track="G", prices={"a": 9_000, "b": 9_000})
        settled, outcome = settle(told, order=Urn(["b", "a"]))
        assert settled["draws"] == [["b", "a"]]
        assert outcome["first"] == "b"

    def test_adds_to_the_draws_held_before(self):
        told = case({"a": 50, "b": 50, "c": 30, "d": 30}, draws=[["b", "a"]])
        settled, _ = settle(told, order=Urn(["a", "d", "b", "c"]))
        assert settled["draws"] == [["b", "a"], ["d", "c"]]
        assert told["draws"] == [["b", "a"]]

    def test_leaves_a_tie_of_the_documents_without_a_draw_joint(self):
        _, outcome = settle(case({"a": 50, "b": 50}, tie_rule=()), order=no_draw)
        assert [row["rank"] for row in outcome["bids"]] == [1, 1]

    @given(st.permutations("abc"), st.dictionaries(st.sampled_from("abc"), st.integers(48, 50)))
    def test_gives_everybody_a_place_of_their_own(self, order, points):
        points = {"a": 50, **points}
        _, outcome = settle(case(points), order=lambda: order)
        rows = places(outcome)
        assert [row.rank for row in rows] == list(range(1, len(points) + 1))
        totals = [row.total for row in rows]
        assert totals == sorted(totals, reverse=True)


class TestPlaces:
    def test_carry_rank_and_total(self):
        _, outcome = settle(case({"a": 40, "b": 50}), order=no_draw)
        assert places(outcome) == [
            Place(bid="b", rank=1, total=Decimal("90.00")),
            Place(bid="a", rank=2, total=Decimal("80.00")),
        ]

    def test_leave_rejected_bids_out(self):
        told = case(
            {"a": 40, "b": 50},
            reviews=[{"bid": "b", "verdict": "reject", "code": "REJECT_QUAL"}],
        )
        _, outcome = settle(told, order=no_draw)
        assert [place.bid for place in places(outcome)] == ["a"]

    def test_move_all_joint_first_but_the_one_drawn_to_the_second(self):
        told = case({"a": 50, "b": 50, "c": 50, "d": 10}, track="G")
        _, outcome = settle(told, order=Urn(["b", "c", "d", "a"]))
        assert [(row.bid, row.rank) for row in places(outcome)] == [
            ("b", 1),
            ("a", 2),
            ("c", 2),
            ("d", 4),
        ]

    def test_leave_joint_places_behind_the_first_as_they_are(self):
        _, outcome = settle(case({"a": 50, "b": 40, "c": 40}, track="G"), order=no_draw)
        assert [(row.bid, row.rank) for row in places(outcome)] == [("a", 1), ("b", 2), ("c", 2)]

    def test_may_be_without_a_total(self):
        rows = [{"key": "a", "rank": 1, "total": None}]
        assert places({"first": "a", "bids": rows}) == [Place(bid="a", rank=1, total=None)]


class TestTheHashOfACase:
    def test_is_that_of_its_compact_json_with_sorted_names(self):
        text = json.dumps({"a": "方案", "b": [1]}, separators=(",", ":"), ensure_ascii=False)
        assert digest({"b": [1], "a": "方案"}) == hashlib.sha256(text.encode()).hexdigest()


class TestRecomputing:
    settled, outcome = settle(case({"a": 50, "b": 50}), order=lambda: ["b", "a"])

    def test_of_what_was_filed_finds_nothing(self):
        assert recompute({"case": self.settled, "outcome": self.outcome}) == (self.outcome, [])

    def test_of_a_bare_case_only_reckons(self):
        assert recompute(self.settled) == (self.outcome, [])
        assert recompute({"case": self.settled}) == (self.outcome, [])

    def test_finds_what_was_changed_in_order(self):
        filed = {**self.outcome, "method": "m1", "first": "a", "benchmark": "1.00"}
        again, found = recompute({"case": self.settled, "outcome": filed})
        assert found == ["/benchmark", "/first", "/method"]
        assert again == self.outcome

    def test_finds_a_changed_score_by_what_came_of_it(self):
        scores = [
            {**row, "score": "49"} if row["bid"] == "a" else row for row in self.settled["scores"]
        ]
        _, found = recompute({"case": {**self.settled, "scores": scores}, "outcome": self.outcome})
        assert "/bids/0/total" in found
        assert not [pointer for pointer in found if pointer.startswith("/bids/1/total")]


class TestDiffering:
    @pytest.mark.parametrize(
        ("filed", "again", "pointers"),
        [
            ({"a": {"b": 1}}, {"a": {"b": 2}}, ["/a/b"]),
            ({"a": 1}, {}, ["/a"]),
            ({}, {"a": 1}, ["/a"]),
            ({"b": 1, "a": 1}, {"b": 2, "a": 2}, ["/a", "/b"]),
            ([1, [2, 3]], [1, [2, 4]], ["/1/1"]),
            ({"a": [1]}, {"a": [1, 2]}, ["/a"]),
            ([1], {"0": 1}, ["/"]),
            ({}, [], ["/"]),
            (1, True, ["/"]),
            ({"a": 0}, {"a": False}, ["/a"]),
            ("1", 1, ["/"]),
            (1, 2, ["/"]),
        ],
    )
    def test_names_the_places(self, filed, again, pointers):
        assert list(differing(filed, again)) == pointers

    values = st.recursive(
        st.none() | st.integers(0, 2) | st.sampled_from("ab"),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
        ),
        max_leaves=8,
    )

    @given(values)
    def test_finds_nothing_between_a_value_and_its_copy(self, value):
        assert list(differing(value, json.loads(json.dumps(value)))) == []

    @given(values, values)
    def test_is_symmetric(self, one, other):
        assert sorted(differing(one, other)) == sorted(differing(other, one))
