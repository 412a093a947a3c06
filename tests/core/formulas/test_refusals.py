"""What is said to whoever hands in a case that cannot be reckoned: the place and the reason."""

from __future__ import annotations

import pytest

from core.formulas import BadFormula, OutlierRule, read_formula
from core.formulas.ranking import Standing, rank

from .cases import answer, goods, m2, scored, works
from .test_wire import put, whole_case

RULE = ("rules", "outlier_rule")
FIRST = ("rules", "criteria", 0)


def said(case):
    with pytest.raises(BadFormula) as refused:
        answer(case)
    return str(refused.value)


class TestACase:
    @pytest.mark.parametrize(
        ("place", "value", "sentence"),
        [
            (("track",), "X", "/track: one of T, G, A, SUB, ENV is wanted"),
            (("category",), 5, "/category: a text is wanted"),
            (("procedure",), "", "/procedure: a text is wanted"),
            (("date",), "23.11.2026", "/date: a day is written YYYY-MM-DD"),
            (("date",), 20261123, "/date: a day is written YYYY-MM-DD"),
            (("ceiling_fen",), "1", "/ceiling_fen: a whole number from 0 is wanted"),
            (("formula",), [], "/formula: an object is wanted"),
            (("formula", "method"), 1, "/formula/method: a text is wanted"),
            (("formula", "method"), "", "/formula/method: a text is wanted"),
            (("formula", "weight"), 30, "/formula/weight: not a decimal string: 30"),
            (("formula", "weight"), "0", "/formula/weight: must be above zero"),
            (
                ("formula", "weight"),
                "31",
                "/formula/weight: differs from the price criterion's max",
            ),
            (("formula", "params"), [], "/formula/params: an object is wanted"),
            (("bids",), {}, "/bids: a list is wanted"),
            (("bids", 1), [], "/bids/1: an object is wanted"),
            (("bids", 1), {"key": "b"}, "/bids/1/price_fen: is missing"),
            (("bids", 1, "key"), "a", "/bids/1/key: a stands twice"),
            (("bids", 1, "key"), 7, "/bids/1/key: a text is wanted"),
            (("bids", 0, "price_fen"), -1, "/bids/0/price_fen: a whole number from 0 is wanted"),
            (("bids", 0, "colour"), "red", "/bids/0/colour: is not known here"),
            (("bids", 0, "claims"), [1], "/bids/0/claims: an object is wanted"),
            (
                ("bids", 0, "claims", "small_business"),
                1,
                "/bids/0/claims/small_business: true or false is wanted",
            ),
            (("reviews", 0), 3, "/reviews/0: an object is wanted"),
            (("reviews", 0, "colour"), "red", "/reviews/0/colour: is not known here"),
            (("reviews", 0, "bid"), 7, "/reviews/0/bid: a text is wanted"),
            (("reviews", 0, "code"), "", "/reviews/0/code: a text is wanted"),
            (("reviews", 0, "verdict"), "pass", "/reviews/0/verdict: one of reject is wanted"),
            (("reviews", 0, "bid"), "z", "/reviews: no bid z"),
            (("draws",), "ab", "/draws: a list is wanted"),
            (("draws", 0), "ab", "/draws/0: a list of bid keys is wanted"),
            (("draws", 0, 1), 1, "/draws/0/1: a text is wanted"),
            (("scores",), 1, "/scores: a list is wanted"),
            (("scores", 0), 1, "/scores/0: an object is wanted"),
            (("scores", 0, "member"), 1, "/scores/0/member: a text is wanted"),
            (("scores", 0, "bid"), "", "/scores/0/bid: a text is wanted"),
            (("scores", 0, "score"), 5, "/scores/0/score: not a decimal string: 5"),
            (("scores", 2, "criterion"), "x", "/scores/2/criterion: x is not scored"),
            (("scores", 2, "score"), "61", "/scores/2/score: 61 is not between 0 and 60"),
        ],
    )
    def test_is_told_where_and_why(self, place, value, sentence):
        case = whole_case()
        put(case, place, value)
        assert said(case) == sentence

    def test_that_is_no_object_is_told_so(self):
        assert said([]) == "/: an object is wanted"

    def test_may_carry_what_a_review_says_beside_its_code(self):
        case = whole_case()
        case["reviews"][0] |= {"clause": "3.1", "fact": "无资质", "against": 3}
        assert answer(case)["bids"][0]["code"] == "REJECT_QUAL"

    def test_is_told_the_step_a_score_is_off(self):
        case = whole_case()
        put(case, (*FIRST, "step"), "0.5")
        put(case, ("scores", 2, "score"), "50.25")
        assert said(case) == "/scores/2/score: 50.25 is not between 0 and 60 in steps of 0.5"


class TestTheRules:
    @pytest.mark.parametrize(
        ("place", "value", "sentence"),
        [
            (("rules",), [], "/rules: an object is wanted"),
            (("rules", "colour"), 1, "/rules/colour: is not known here"),
            (("rules", "criteria"), {}, "/rules/criteria: a list is wanted"),
            (("rules", "tie_rule"), "draw", "/rules/tie_rule: a list is wanted"),
            (("rules", "tie_rule"), [1], "/rules/tie_rule/0: a text is wanted"),
            (
                ("rules", "tie_rule"),
                ["vote"],
                "/rules/tie_rule/0: parting a tie by vote is not built yet",
            ),
            (("rules", "tie_rule"), ["draw", "dice"], "/rules/tie_rule/1: no tie rule 'dice'"),
            (("rules", "tie_rule"), ["draw", "draw"], "/rules/tie_rule/1: draw stands twice"),
            (("rules", "candidates"), -1, "/rules/candidates: a whole number from 0 is wanted"),
            (RULE, [], "/rules/outlier_rule: an object is wanted"),
            (
                (*RULE, "drop_low"),
                "1",
                "/rules/outlier_rule/drop_low: a whole number from 0 is wanted",
            ),
            (
                (*RULE, "from_members"),
                2,
                "/rules/outlier_rule/from_members: would leave no score to take the mean of",
            ),
            (FIRST, 1, "/rules/criteria/0: an object is wanted"),
            ((*FIRST, "key"), 1, "/rules/criteria/0/key: a text is wanted"),
            ((*FIRST, "key"), "firm", "/rules/criteria: a key stands twice"),
            ((*FIRST, "title"), "", "/rules/criteria/0/title: a text is wanted"),
            ((*FIRST, "max"), 60, "/rules/criteria/0/max: not a decimal string: 60"),
            ((*FIRST, "max"), "0", "/rules/criteria/0/max: must be above zero"),
            (
                (*FIRST, "kind"),
                "guess",
                "/rules/criteria/0/kind: one of judged, objective, price is wanted",
            ),
            ((*FIRST, "kind"), "price", "/rules/criteria: more than one price criterion"),
            ((*FIRST, "step"), 1, "/rules/criteria/0/step: not a decimal string: 1"),
            ((*FIRST, "step"), "0", "/rules/criteria/0/step: must be above zero"),
            ((*FIRST, "part_of"), 1, "/rules/criteria/0/part_of: a text is wanted"),
            ((*FIRST, "part_of"), "x", "/rules/criteria/0/part_of: no such criterion"),
            ((*FIRST, "part_of"), "tech", "/rules/criteria/0/part_of: leads back to itself"),
            ((*FIRST, "part_of"), "price", "/rules/criteria: the price criterion has no parts"),
        ],
    )
    def test_are_told_where_and_why(self, place, value, sentence):
        case = whole_case()
        put(case, place, value)
        assert said(case) == sentence

    @pytest.mark.parametrize(
        ("counts", "sentence"),
        [
            ((-1, 0, 3), "/rules/outlier_rule: counts are not below zero"),
            ((0, -1, 3), "/rules/outlier_rule: counts are not below zero"),
            (
                (2, 1, 3),
                "/rules/outlier_rule/from_members: would leave no score to take the mean of",
            ),
        ],
    )
    def test_drop_no_more_scores_than_there_are(self, counts, sentence):
        high, low, members = counts
        with pytest.raises(BadFormula) as refused:
            OutlierRule(drop_high=high, drop_low=low, from_members=members)
        assert str(refused.value) == sentence
        assert OutlierRule(drop_high=1, drop_low=1, from_members=3)

    @pytest.mark.parametrize("points", ["1", "0.5"])
    def test_may_give_a_criterion_a_point_or_less(self, points):
        case = whole_case()
        put(case, ("rules", "criteria", 1, "max"), points)
        for number in (1, 3):
            put(case, ("scores", number, "score"), points)
        assert answer(case)["bids"][1]["scores"]["firm"] == f"{float(points):.2f}"

    def test_want_a_price_criterion(self):
        case = whole_case()
        del case["rules"]["criteria"][-1]
        assert said(case) == "/rules/criteria: no price criterion"

    def test_want_every_member_to_have_scored_every_leaf(self):
        case = whole_case() | {"reviews": []}
        del case["scores"][0]
        assert said(case) == "/scores: m0 has not scored tech of a"

    def test_want_one_score_of_a_cell(self):
        case = whole_case() | {"reviews": []}
        case["scores"].append(case["scores"][0])
        assert said(case) == "/scores/4: the same score a second time"

    def test_want_members_to_agree_on_facts(self):
        case = scored(goods(100), {"a": {"tech": ["50", "51"], "firm": ["8", "7"]}})
        assert said(case) == "/scores: members differ on firm of a, which is a fact"


class TestADraw:
    def test_is_held_among_the_tied(self):
        tied = [Standing(key=key, total=1, evaluated_fen=1, technical=1) for key in ("a", "b", "c")]
        with pytest.raises(BadFormula) as refused:
            rank(tied, track="T", tie_rule=["draw"], draw=lambda _: ["a", "b"])
        assert str(refused.value) == "/draws: the draw is not among a, b, c"


class TestTheParametersOfAFormula:
    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"K": "0"}, "/formula/params/K: must be above zero"),
            ({"K": 0.97}, "/formula/params/K: not a decimal string: 0.97"),
            ({"E1": "-1"}, "/formula/params/E1: must not be below zero"),
            ({"E3": "1"}, "/formula/params/E3: is not a name this method knows"),
            ({"trim": []}, "/formula/params/trim: an object {from, high, low} is wanted"),
            (
                {"trim": {"from": 2, "high": 1, "low": 1}},
                "/formula/params/trim/from: would leave no bid to take the mean of",
            ),
            (
                {"trim": {"from": 7, "high": -1, "low": 1}},
                "/formula/params/trim/high: a count is wanted",
            ),
            ({"trim": {"from": 7, "high": 1}}, "/formula/params/trim/low: is missing"),
            (
                {"draw": {}},
                "/formula/params/draw: drawing a parameter at the opening is not built yet",
            ),
        ],
    )
    def test_are_told_where_and_why(self, change, sentence):
        assert said(works(**change)) == sentence

    def test_must_all_be_there(self):
        case = works()
        del case["formula"]["params"]["E2"]
        assert said(case) == "/formula/params/E2: is missing"

    @pytest.mark.parametrize("rate", ["1", "1.5"])
    def test_that_are_shares_stay_below_one(self, rate):
        sentence = "/formula/params/small_deduction: must be a fraction below 1"
        assert said(goods(1, small_deduction=rate)) == sentence

    def test_leave_a_price_to_score(self):
        told = goods(1, small_deduction="0.5", domestic_deduction="0.5")
        assert said(told) == "/formula/params: the deductions together leave no price"

    def test_of_shares_make_up_one(self):
        assert said(m2(Q2="0.36")) == "/formula/params/Q2: Q1 and Q2 must add up to 1"

    def test_of_the_second_method_want_a_control_price(self):
        assert said(m2() | {"ceiling_fen": None}) == "/ceiling_fen: m2 needs the control price"

    def test_may_leave_no_benchmark(self):
        sentence = "/bids: prices of less than a fen each leave no benchmark"
        assert said(works(prices=[0, 0])) == sentence

    @pytest.mark.parametrize("method", ["m3", "m4", "lowest_evaluated"])
    def test_of_a_method_to_come_are_not_read(self, method):
        assert said(works(method=method)) == f"/formula/method: {method} is not built yet"

    def test_of_no_method_name_those_there_are(self):
        sentence = "/formula/method: no method 'magic'; known: gov_lowest, m1, m2"
        assert said(works(method="magic")) == sentence

    def test_of_what_is_no_name_are_not_read_either(self):
        with pytest.raises(BadFormula) as refused:
            read_formula(["m1"], {})
        assert refused.value.pointer == "/formula/method"
