from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formulas import BadFormula, OutlierRule

from . import oracle
from .cases import answer, goods, scored, works

FIVE = ["35", "36.5", "38", "33", "40"]
DROP_ONE = {"drop_high": 1, "drop_low": 1, "from_members": 5}
TECH = [{"key": "tech", "title": "技术", "max": "60", "kind": "judged"}]


def refused(case):
    with pytest.raises(BadFormula) as caught:
        answer(case)
    return caught.value.pointer, caught.value.message


def first(case):
    return answer(case)["bids"][0]


class TestTenderingLaw:
    def test_drops_one_high_and_one_low_and_takes_the_mean(self):
        case = scored(
            works(prices=[100], K="1", weight="40"),
            {"a": {"tech": FIVE}},
            criteria=TECH,
            outlier_rule=DROP_ONE,
        )
        assert first(case)["scores"] == {"tech": "36.50"}
        assert first(case)["total"] == "76.50"

    def test_drops_nothing_below_the_rules_number_of_members(self):
        sheet = {"a": {"tech": FIVE[:4]}}
        case = scored(
            works(prices=[100], K="1", weight="40"), sheet, criteria=TECH, outlier_rule=DROP_ONE
        )
        assert first(case)["scores"] == {"tech": "35.63"}  # 35.625

    def test_rounds_every_leaf_and_adds_up_what_it_shows(self):
        tree = [
            {"key": "k1", "title": "一", "max": "30", "kind": "judged"},
            {"key": "k2", "title": "二", "max": "30", "kind": "judged"},
        ]
        sheet = {"a": {"k1": ["10", "10", "10.01"], "k2": ["20", "20", "20.02"]}}
        case = scored(works(prices=[100], K="1", weight="40"), sheet, criteria=tree)
        assert first(case)["scores"] == {"k1": "10.00", "k2": "20.01"}
        assert first(case)["total"] == "70.01"

    @given(
        st.lists(st.decimals(0, 60, places=2), min_size=1, max_size=9),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(1, 9),
    )
    def test_agrees_with_fractions(self, values, high, low, members):
        rule = {"drop_high": high, "drop_low": low, "from_members": max(members, high + low + 1)}
        case = scored(
            works(prices=[100], K="1", weight="40"),
            {"a": {"tech": [str(value) for value in values]}},
            criteria=TECH,
            outlier_rule=rule,
        )
        expected = oracle.trimmed(
            [Fraction(value) for value in values], high=high, low=low, at_least=rule["from_members"]
        )
        assert Fraction(first(case)["scores"]["tech"]) == expected
        assert Fraction(first(case)["total"]) == expected + 40


class TestGovernmentProcurement:
    def test_takes_the_mean_of_members_totals_rounded_once(self):
        tree = [
            {"key": "k1", "title": "一", "max": "35", "kind": "judged"},
            {"key": "k2", "title": "二", "max": "35", "kind": "judged"},
        ]
        sheet = {"a": {"k1": ["10", "10", "10.01"], "k2": ["20", "20", "20.01"]}}
        case = scored(goods(100), sheet, criteria=tree)
        # Each leaf would round down to .00; together they are 30.00666…, hence .01.
        assert first(case)["scores"] == {"k1": "10.00", "k2": "20.00"}
        assert first(case)["total"] == "60.01"

    def test_leaves_no_members_score_out(self):
        case = scored(
            goods(100, weight="40"), {"a": {"tech": FIVE}}, criteria=TECH, outlier_rule=DROP_ONE
        )
        case["date"] = "2026-11-23"
        assert first(case)["total"] == "76.50"  # the plain mean of the five is 36.50 too
        case["scores"][0]["score"] = "30"
        assert first(case)["total"] == "75.50"
        assert first(case)["scores"] == {"tech": "35.50"}
        assert "OUTLIER_IN_G" in [fault["code"] for fault in answer(case)["faults"]]

    @given(st.lists(st.tuples(*[st.decimals(0, 35, places=1)] * 2), min_size=1, max_size=9))
    def test_agrees_with_fractions(self, members):
        tree = [
            {"key": "k1", "title": "一", "max": "35", "kind": "judged"},
            {"key": "k2", "title": "二", "max": "35", "kind": "judged"},
        ]
        sheet = {"a": {f"k{n + 1}": [str(pair[n]) for pair in members] for n in (0, 1)}}
        totals = [Fraction(one) + Fraction(two) + 30 for one, two in members]
        expected = oracle.half_up(sum(totals) / len(totals), 2)
        assert Fraction(first(scored(goods(100), sheet, criteria=tree))["total"]) == expected


class TestCriteria:
    def test_are_scored_at_their_leaves(self):
        tree = [
            {"key": "tech", "title": "技术", "max": "60", "kind": "judged"},
            {"key": "plan", "title": "方案", "max": "40", "kind": "judged", "part_of": "tech"},
            {"key": "team", "title": "团队", "max": "20", "kind": "judged", "part_of": "tech"},
        ]
        sheet = {"a": {"plan": ["30"], "team": ["15"]}}
        case = scored(works(prices=[100], K="1", weight="40"), sheet, criteria=tree)
        assert first(case)["scores"] == {"plan": "30.00", "team": "15.00"}
        assert first(case)["total"] == "85.00"
        sheet["a"]["tech"] = ["45"]
        case = scored(works(prices=[100], K="1", weight="40"), sheet, criteria=tree)
        assert refused(case)[0] == "/scores/2/criterion"

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"part_of": "none"}, "/rules/criteria/0/part_of"),
            ({"part_of": "tech"}, "/rules/criteria/0/part_of"),
            ({"max": "0"}, "/rules/criteria/0/max"),
            ({"step": "0"}, "/rules/criteria/0/step"),
            ({"key": "firm"}, "/rules/criteria"),
            ({"kind": "price"}, "/rules/criteria"),
            ({"kind": "guess"}, "/rules/criteria/0/kind"),
        ],
    )
    def test_are_refused_when_they_make_no_tree(self, change, pointer):
        case = scored(goods(100), {"a": {"tech": ["1"], "firm": ["1"]}})
        case["rules"]["criteria"][0].update(change)
        assert refused(case)[0] == pointer

    def test_have_a_price_worth_the_formulas_weight(self):
        case = scored(goods(100), {"a": {"tech": ["1"], "firm": ["1"]}})
        case["rules"]["criteria"][2]["max"] = "31"
        assert refused(case)[0] == "/formula/weight"
        del case["rules"]["criteria"][2]
        assert refused(case)[0] == "/rules/criteria"

    def test_do_not_divide_the_price(self):
        case = scored(goods(100), {"a": {"tech": ["1"], "firm": ["1"]}})
        case["rules"]["criteria"][0]["part_of"] = "price"
        assert refused(case) == ("/rules/criteria", "the price criterion has no parts")

    def test_may_be_price_alone(self):
        case = scored(goods(100, 96, weight="100"), {}, criteria=[])
        case["rules"]["criteria"] = [case["rules"]["criteria"][-1]]
        assert [bid["total"] for bid in answer(case)["bids"]] == ["96.00", "100.00"]
        assert answer(case)["candidates"] == ["b", "a"]


class TestScores:
    @pytest.fixture
    def case(self):
        sheet = {bid: {"tech": ["50", "40.5"], "firm": ["8", "8"]} for bid in "ab"}
        case = scored(goods(100, 96), sheet)
        case["rules"]["criteria"][0]["step"] = "0.5"
        assert answer(case)["bids"][0]["rank"] == 2
        return case

    @pytest.mark.parametrize("score", ["60.5", "-0.5", "40.3"])
    def test_stay_in_range_and_on_the_step(self, case, score):
        case["scores"][0]["score"] = score
        pointer, message = refused(case)
        assert pointer == "/scores/0/score"
        assert message == f"{score} is not between 0 and 60 in steps of 0.5"

    def test_may_reach_a_maximum_off_the_step(self, case):
        case["rules"]["criteria"][0]["step"] = "0.7"
        for score in case["scores"]:
            if score["criterion"] == "tech":
                score["score"] = "60"
        assert answer(case)["bids"][0]["scores"]["tech"] == "60.00"

    def test_of_a_fact_are_the_same_from_every_member(self, case):
        case["scores"][3]["score"] = "7"
        assert refused(case) == ("/scores", "members differ on firm of a, which is a fact")

    def test_are_complete(self, case):
        del case["scores"][0]
        assert refused(case) == ("/scores", "m0 has not scored tech of a")

    def test_stand_once(self, case):
        case["scores"].append(dict(case["scores"][0]))
        assert refused(case) == ("/scores/8", "the same score a second time")

    def test_name_a_criterion_that_is_scored(self, case):
        case["scores"][0]["criterion"] = "price"
        assert refused(case)[0] == "/scores/0/criterion"

    def test_of_a_rejected_bid_are_left_aside_and_may_be_absent(self, case):
        case["reviews"] = [{"bid": "b", "verdict": "reject", "code": "REJECT_QUAL"}]
        found = answer(case)
        assert [bid["rank"] for bid in found["bids"]] == [1, None]
        assert found["bids"][1]["total"] is None
        case["scores"] = [score for score in case["scores"] if score["bid"] == "a"]
        assert answer(case)["candidates"] == ["a"]

    def test_of_nobody_but_rejected_bids_are_none(self, case):
        case["scores"] = [score for score in case["scores"] if score["bid"] == "b"]
        case["reviews"] = [{"bid": "b", "verdict": "reject", "code": "REJECT_QUAL"}]
        assert refused(case) == ("/scores", "nobody has scored")

    def test_make_no_ranking_while_there_are_none(self, case):
        case["scores"] = []
        found = answer(case)
        assert [bid["rank"] for bid in found["bids"]] == [None, None]
        assert found["bids"][1]["price_score"] == "30.00"


class TestTheOutlierRule:
    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"from_members": 2}, "/rules/outlier_rule/from_members"),
            ({"drop_high": -1}, "/rules/outlier_rule/drop_high"),
            ({"drop_high": "1"}, "/rules/outlier_rule/drop_high"),
        ],
    )
    def test_leaves_something_to_take_the_mean_of(self, change, pointer):
        case = scored(
            works(prices=[100], weight="40"),
            {"a": {"tech": FIVE}},
            criteria=TECH,
            outlier_rule=DROP_ONE | change,
        )
        assert refused(case)[0] == pointer

    def test_drops_no_number_below_zero(self):
        with pytest.raises(BadFormula, match="below zero"):
            OutlierRule(drop_high=-1, drop_low=0, from_members=3)
