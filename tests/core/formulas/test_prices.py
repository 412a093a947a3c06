from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.formulas import NOT_BUILT, BadFormula, NotBuilt, over_ceiling

from . import oracle
from .cases import SEVEN, TRIM, answer, column, goods, m2, works

PRICES = st.lists(st.integers(1, 10**13), min_size=1, max_size=14)
RATES = st.decimals("0.5", "1.5", places=3)
COSTS = st.decimals(0, 5, places=2)
WEIGHTS = st.decimals("0.5", 100, places=1)


def refused(case):
    with pytest.raises(BadFormula) as caught:
        answer(case)
    return caught.value.pointer


class TestGovernmentPrice:
    def test_is_the_lowest_over_the_bid(self):
        case = goods(100, 96, 120)
        assert column(case, "price_score") == {"a": "28.80", "b": "30.00", "c": "24.00"}
        assert answer(case)["benchmark_fen"] == "96000000"
        assert answer(case)["benchmark"] == "960000.00"

    def test_prefers_small_firms_in_the_score_only(self):
        case = goods(96, 100, 98, claims={"b": {"small_business": True}}, small_deduction="0.10")
        assert column(case, "price_score") == {"a": "28.13", "b": "30.00", "c": "27.55"}
        assert column(case, "price_evaluated_fen")["b"] == 90_000_000

    def test_reckons_each_deduction_on_the_original_price(self):
        claims = {"a": {"small_business": True, "domestic": True}}
        case = goods(100, claims=claims, small_deduction="0.10", domestic_deduction="0.20")
        assert column(case, "price_evaluated_fen") == {"a": 70_000_000}

    def test_prefers_nobody_without_a_claim_or_without_a_rate(self):
        claims = {"a": {"small_business": True, "domestic": False}}
        assert column(goods(100, claims=claims), "price_evaluated_fen") == {"a": 100_000_000}
        case = goods(100, small_deduction="0.10", domestic_deduction="0.20")
        assert column(case, "price_evaluated_fen") == {"a": 100_000_000}

    def test_serves_a_consultation_alike(self):
        case = goods("182", "176.5", "190", weight="40")
        assert column(case, "price_score") == {"a": "38.79", "b": "40.00", "c": "37.16"}

    def test_keeps_pieces_of_a_fen_until_the_end(self):
        case = goods(1, 1, claims={"a": {"small_business": True}}, small_deduction="0.15")
        case["bids"][0]["price_fen"], case["bids"][1]["price_fen"] = 101, 100
        assert answer(case)["benchmark_fen"] == "85.85"
        assert answer(case)["benchmark"] == "0.8585"

    def test_has_no_benchmark_without_a_valid_bid(self):
        case = goods(100) | {"ceiling_fen": 1}
        assert answer(case)["benchmark_fen"] is None
        assert column(case, "price_score") == {"a": None}

    def test_survives_a_quote_of_nothing(self):
        case = goods(0, 100)
        assert column(case, "price_score") == {"a": "30.00", "b": "0.00"}

    @given(PRICES, WEIGHTS, st.data())
    def test_agrees_with_fractions(self, fen, weight, data):
        small = data.draw(st.lists(st.booleans(), min_size=len(fen), max_size=len(fen)))
        case = goods(small_deduction="0.10", weight=str(weight))
        case["bids"] = [
            {"key": f"b{n}", "price_fen": price, "claims": {"small_business": claim}}
            for n, (price, claim) in enumerate(zip(fen, small, strict=True))
        ]
        ours = column(case, "price_score")
        exact = [
            Fraction(price) * (Fraction(9, 10) if claim else 1)
            for price, claim in zip(fen, small, strict=True)
        ]
        for number, price in enumerate(exact):
            expected = oracle.lowest_score(price, exact, Fraction(weight))
            assert Fraction(ours[f"b{number}"]) == expected

    @pytest.mark.parametrize(
        ("params", "pointer"),
        [
            ({"small_deduction": "1"}, "/formula/params/small_deduction"),
            ({"small_deduction": "-0.1"}, "/formula/params/small_deduction"),
            ({"small_deduction": 0}, "/formula/params/small_deduction"),
            ({"small_deduction": "0.6", "domestic_deduction": "0.4"}, "/formula/params"),
            ({"K": "0.97"}, "/formula/params/K"),
        ],
    )
    def test_refuses_parameters_that_make_no_sense(self, params, pointer):
        assert refused(goods(100, **params)) == pointer


class TestMethodOne:
    def test_is_the_trimmed_mean_times_k(self):
        found = answer(works())
        assert found["benchmark"] == "9238280.00"
        assert found["benchmark_fen"] == "923828000"
        assert [line["value"] for line in found["working"]] == [
            "7",
            "9,800,000.00",
            "9,100,000.00",
            "9,524,000.00",
            "9,238,280.00",
        ]

    def test_scores_by_deviation_as_in_jiangsu(self):
        scores = column(works(), "price_score")
        assert (scores["b"], scores["f"]) == ("97.45", "99.10")
        deviations = column(works(), "deviation")
        assert deviations["b"].startswith("2.8329")
        assert deviations["f"].startswith("-1.4968")

    def test_scores_by_deviation_as_on_highways(self):
        scores = column(works(E1="2", E2="1"), "price_score")
        assert (scores["b"], scores["f"]) == ("94.33", "98.50")

    def test_gives_all_points_at_the_benchmark(self):
        case = works(prices=[100], K="1")
        assert column(case, "price_score") == {"a": "100.00"}
        assert Decimal(column(case, "deviation")["a"]) == 0

    def test_never_goes_below_nothing(self):
        assert column(works(E1="90"), "price_score")["a"] == "0.00"

    def test_leaves_the_mean_whole_below_the_trims_number(self):
        trim = {"from": "8", "high": 1, "low": 1}
        assert answer(works(trim=trim, K="1"))["benchmark"] == "9502857.14"
        case = works(K="1")
        del case["formula"]["params"]["trim"]
        assert answer(case)["benchmark"] == "9502857.14"

    def test_counts_neither_a_bid_over_the_ceiling_nor_a_rejected_one(self):
        case = works(prices=[*SEVEN, 10_000_000, 9_000_000])
        case["bids"][7]["price_fen"] += 1
        case["reviews"] = [{"bid": "i", "verdict": "reject", "code": "REJECT_QUAL", "fact": "x"}]
        found = answer(case)
        assert found["benchmark"] == "9238280.00"
        assert {bid["key"]: bid["code"] for bid in found["bids"] if bid["code"]} == {
            "h": "REJECT_PRICE_HIGH",
            "i": "REJECT_QUAL",
        }
        assert found["bids"][7]["price_score"] is None

    def test_counts_a_bid_at_the_ceiling(self):
        case = works(prices=[10_000_000], K="1")
        assert answer(case)["benchmark"] == "10000000.00"

    def test_has_no_benchmark_without_a_valid_bid(self):
        case = works(prices=[10_000_001])
        assert (answer(case)["benchmark"], answer(case)["benchmark_fen"]) == (None, None)

    def test_refuses_prices_that_leave_no_benchmark(self):
        assert refused(works(prices=[0])) == "/bids"

    def test_loses_no_half_on_the_way(self):
        # 4/3 × 0.375 is exactly half a fen; with the mean cut short first it would be 0.4999….
        case = works(prices=[], K="0.375")
        del case["formula"]["params"]["trim"]
        case["bids"] = [{"key": k, "price_fen": p} for k, p in (("a", 1), ("b", 1), ("c", 2))]
        assert answer(case)["benchmark_fen"] == "1"

    @given(
        fen=PRICES,
        k=RATES,
        e1=COSTS,
        e2=COSTS,
        weight=WEIGHTS,
        high=st.integers(0, 3),
        low=st.integers(0, 3),
    )
    def test_agrees_with_fractions(self, *, fen, k, e1, e2, weight, high, low):
        trim = {"from": high + low + 1, "high": high, "low": low}
        case = works(
            prices=[], weight=str(weight), K=str(k), E1=str(e1), E2=str(e2), trim=trim, ceiling=None
        )
        case["bids"] = [{"key": f"b{n}", "price_fen": price} for n, price in enumerate(fen)]
        d = oracle.mean_benchmark(fen, k=Fraction(k), trim=trim)
        assume(d > 0)
        found = answer(case)
        assert Fraction(found["benchmark"]) == d == Fraction(found["benchmark_fen"]) / 100
        for bid, price in zip(found["bids"], fen, strict=True):
            expected = oracle.deviation_score(
                price, d, e1=Fraction(e1), e2=Fraction(e2), weight=Fraction(weight)
            )
            assert Fraction(bid["price_score"]) == expected

    @given(st.permutations(SEVEN))
    def test_does_not_care_for_the_order_of_bids(self, prices):
        scores = dict(
            zip(prices, column(works(prices=prices), "price_score").values(), strict=True)
        )
        assert scores[9_500_000] == "97.45"
        assert answer(works(prices=prices))["benchmark"] == "9238280.00"


class TestMethodTwo:
    def test_weighs_the_mean_against_the_control_price(self):
        assert answer(m2())["benchmark"] == "9224882.00"

    def test_needs_the_control_price(self):
        case = m2()
        case["ceiling_fen"] = None
        assert refused(case) == "/ceiling_fen"

    def test_has_shares_that_make_one(self):
        assert refused(m2(Q2="0.36")) == "/formula/params/Q2"

    @given(
        st.lists(st.integers(100, 10**12), min_size=1, max_size=9),
        st.integers(10**12, 10**13),
        RATES,
        RATES,
        st.integers(0, 100),
    )
    def test_agrees_with_fractions(self, fen, control, k1, k2, percent):
        q1, q2 = Fraction(percent, 100), Fraction(100 - percent, 100)
        case = m2(K1=str(k1), K2=str(k2), Q1=str(percent / 100), Q2=str((100 - percent) / 100))
        case["ceiling_fen"] = control
        case["bids"] = [{"key": f"b{n}", "price_fen": price} for n, price in enumerate(fen)]
        expected = oracle.mean_benchmark(
            fen, k=Fraction(k1), trim=TRIM, control=(control, Fraction(k2), q1, q2)
        )
        assert Fraction(answer(case)["benchmark"]) == expected


class TestParameters:
    @pytest.mark.parametrize("name", ["K", "E1", "E2"])
    def test_must_all_be_there(self, name):
        case = works()
        del case["formula"]["params"][name]
        assert refused(case) == f"/formula/params/{name}"

    @pytest.mark.parametrize(
        ("params", "pointer"),
        [
            ({"K": "0"}, "K"),
            ({"K": "-1"}, "K"),
            ({"K": 0.97}, "K"),
            ({"K": "0,97"}, "K"),
            ({"E1": "-0.1"}, "E1"),
            ({"delta": "0.1"}, "delta"),
            ({"trim": "none"}, "trim"),
            ({"trim": {"from": 7, "high": 1}}, "trim/low"),
            ({"trim": {"from": 7, "high": 1, "low": 1, "mid": 1}}, "trim/mid"),
            ({"trim": {"from": 7, "high": -1, "low": 1}}, "trim/high"),
            ({"trim": {"from": 7, "high": True, "low": 1}}, "trim/high"),
            ({"trim": {"from": 2, "high": 1, "low": 1}}, "trim/from"),
        ],
    )
    def test_are_refused_by_their_place(self, params, pointer):
        assert refused(works(**params)) == f"/formula/params/{pointer}"

    def test_are_not_drawn_yet(self):
        with pytest.raises(NotBuilt) as caught:
            answer(works(draw={"K": ["0.95", "0.96"]}))
        assert caught.value.pointer == "/formula/params/draw"


class TestMethods:
    @pytest.mark.parametrize("method", NOT_BUILT)
    def test_not_built_are_named(self, method):
        case = works()
        case["formula"]["method"] = method
        with pytest.raises(NotBuilt, match=f"{method} is not built yet") as caught:
            answer(case)
        assert caught.value.pointer == "/formula/method"
        assert caught.value.name == method

    def test_unknown_are_refused(self):
        case = works()
        case["formula"]["method"] = "m7"
        assert refused(case) == "/formula/method"


class TestTheCeiling:
    def test_rejects_only_what_is_above_it(self):
        assert not over_ceiling(100, 100)
        assert over_ceiling(101, 100)
        assert not over_ceiling(101, None)


class TestWorking:
    def test_shows_every_step_of_a_deviation(self):
        (bid,) = (bid for bid in answer(works())["bids"] if bid["key"] == "b")
        assert bid["working"] == [
            {
                "label": "deviation",
                "expression": "(9,500,000.00 − 9,238,280.00) ÷ 9,238,280.00 × 100",
                "value": "+2.8330 %",
            },
            {"label": "cost", "expression": "2.8330 × 0.9", "value": "2.5497"},
            {
                "label": "price_score",
                "expression": "100 ÷ 100 × max(0, 100 − 2.5497)",
                "value": "97.45",
            },
        ]

    def test_shows_every_step_of_a_deduction(self):
        claims = {"a": {"small_business": True, "domestic": True}}
        case = goods(100, claims=claims, small_deduction="0.10", domestic_deduction="0.20")
        (bid,) = answer(case)["bids"]
        assert bid["working"] == [
            {
                "label": "evaluated_price",
                "expression": "1,000,000.00 − 1,000,000.00 × 0.2 − 1,000,000.00 × 0.1",
                "value": "700,000.00",
            },
            {
                "label": "price_score",
                "expression": "700,000.00 ÷ 700,000.00 × 30",
                "value": "30.00",
            },
        ]
