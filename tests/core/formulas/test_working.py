"""The working shown beside a number, whole: what pages print and bidders check by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.formulas.working import percent_of, rounded_yuan_of, yuan_of

from .cases import answer, goods, m2, scored, works


def lines(rows):
    return [(row["label"], row["expression"], row["value"]) for row in rows]


class TestABenchmark:
    def test_of_the_first_method_is_reckoned_line_by_line(self):
        assert lines(answer(works())["working"]) == [
            ("counted", "n", "7"),
            ("dropped_high", "1", "9,800,000.00"),
            ("dropped_low", "1", "9,100,000.00"),
            (
                "mean",
                "(9,300,000.00 + 9,420,000.00 + 9,500,000.00 + 9,650,000.00 + 9,750,000.00) ÷ 5",
                "9,524,000.00",
            ),
            ("benchmark", "9,524,000.00 × 0.97", "9,238,280.00"),
        ]

    def test_of_the_second_method_is_reckoned_against_the_control_price(self):
        assert lines(answer(m2())["working"])[-1] == (
            "benchmark",
            "9,524,000.00 × 0.97 × 0.65 + 10,000,000.00 × 0.92 × 0.35",
            "9,224,882.00",
        )

    def test_lists_several_dropped_prices(self):
        told = works(trim={"from": 7, "high": 2, "low": 0})
        assert lines(answer(told)["working"])[1:2] == [
            ("dropped_high", "2", "9,750,000.00; 9,800,000.00")
        ]

    def test_shows_a_mean_between_two_fen_rounded(self):
        # 100 fen, 100 fen and 101 fen: 100.333… fen.
        told = works(prices=[1, 1], K="1")
        told["bids"].append({"key": "c", "price_fen": 101})
        told["formula"]["params"]["trim"] = {"from": 9, "high": 1, "low": 1}
        assert lines(answer(told)["working"])[1] == ("mean", "(1.00 + 1.00 + 1.01) ÷ 3", "1.00")

    def test_of_government_procurement_lists_the_evaluated_prices(self):
        assert lines(answer(goods(100, 96, 120))["working"]) == [
            ("benchmark", "min(960,000.00, 1,000,000.00, 1,200,000.00)", "960,000.00")
        ]


class TestAPriceAtTheBenchmark:
    def test_costs_nothing_by_the_rate_below(self):
        told = works(prices=[100], K="1")
        (bid,) = answer(told)["bids"]
        assert bid["price_score"] == "100.00"
        assert lines(bid["working"]) == [
            ("deviation", "(100.00 − 100.00) ÷ 100.00 × 100", "+0.0000 %"),
            ("cost", "0.0000 × 0.6", "0.0000"),
            ("price_score", "100 ÷ 100 × max(0, 100 − 0.0000)", "100.00"),
        ]

    def test_costs_the_rate_above_from_the_first_fen(self):
        # Two bids of 100 fen and 102 fen: D is 101 fen, one fen below the dearer.
        told = works(prices=[1], K="1", E1="50", E2="1")
        told["bids"].append({"key": "b", "price_fen": 102})
        scores = [bid["price_score"] for bid in answer(told)["bids"]]
        # 1/101 = 0.990099 %, times 1 and times 50.
        assert scores == ["99.01", "50.50"]


class TestAPanelsResult:
    def test_in_tendering_shows_each_leaf_and_the_sum(self):
        told = scored(
            works(prices=[100], weight="30", K="1"),
            {"a": {"tech": ["50", "51.5", "48"], "firm": ["8", "8", "8"]}},
        )
        (bid,) = answer(told)["bids"]
        assert lines(bid["working"])[3:] == [
            ("panel_result", "技术: (48 + 50 + 51.5) ÷ 3", "49.83"),
            ("panel_result", "业绩: (8 + 8 + 8) ÷ 3", "8.00"),
            ("total", "49.83 + 8.00 + 30.00", "87.83"),
        ]

    def test_in_procurement_shows_all_points_over_the_members(self):
        told = scored(goods(100), {"a": {"tech": ["50", "51.5", "48"], "firm": ["8", "8", "8"]}})
        (bid,) = answer(told)["bids"]
        # (149.5 + 24) ÷ 3 = 57.8333…, and the price is full.
        assert lines(bid["working"])[-1] == ("total", "30.00 + 173.5 ÷ 3", "87.83")


class TestATieInAWholeCase:
    """What a bid is ranked by reaches the ranking: evaluated price and judged points."""

    EVEN = {"tech": ["50", "50"], "firm": ["8", "8"]}

    def ranks(self, case):
        return {bid["key"]: bid["rank"] for bid in answer(case)["bids"]}

    def test_goes_to_the_lower_price_in_tendering(self):
        # Both cost a percent, one above the benchmark and one below: equal scores, unequal prices.
        case = works(prices=[101, 99], weight="30", K="1", E1="1", E2="1")
        told = scored(case, {"a": self.EVEN, "b": self.EVEN}, tie_rule=["lower_price"])
        assert self.ranks(told) == {"a": 2, "b": 1}

    @pytest.mark.parametrize("track", ["T", "G"])
    def test_goes_to_the_more_points_by_judgement_facts_left_aside(self, track):
        one, other = {"tech": ["50", "50"], "firm": ["9", "9"]}, {"tech": ["51"] * 2}
        case = scored(
            goods(100, 100),
            {"a": one, "b": other | {"firm": ["8", "8"]}},
            tie_rule=["higher_technical"],
        )
        case["track"] = track
        found = answer(case)
        assert {bid["total"] for bid in found["bids"]} == {"89.00"}
        assert found["first"] == "b"
        assert found["pending_draws"] == []

    def test_goes_to_the_lower_evaluated_price_in_procurement(self):
        # b's deduction makes it the cheaper one; a makes its points up by judgement.
        case = goods("100", "100", claims={"b": {"small_business": True}}, small_deduction="0.1")
        told = scored(
            case, {"a": {"tech": ["53"], "firm": ["8"]}, "b": {"tech": ["50"], "firm": ["8"]}}
        )
        assert self.ranks(told) == {"a": 2, "b": 1}
        assert {bid["total"] for bid in answer(told)["bids"]} == {"88.00"}


class TestWithoutAWordInTheRules:
    def test_three_candidates_are_put_forward(self):
        row = {"tech": ["50"], "firm": ["8"]}
        told = scored(goods(100, 101, 102, 103, 104), dict.fromkeys("abcde", row))
        assert answer(told)["candidates"] == ["a", "b", "c"]

    def test_a_panel_without_leaves_gives_the_price_alone(self):
        told = scored(goods(100, weight="100"), {"a": {}}, criteria=None)
        told["rules"]["criteria"] = told["rules"]["criteria"][-1:]
        (bid,) = answer(told)["bids"]
        assert (bid["total"], bid["rank"]) == ("100.00", 1)
        assert lines(bid["working"])[-1] == ("total", "100.00 + 0 ÷ 1", "100.00")


class TestFigures:
    @pytest.mark.parametrize(
        ("fen", "written"),
        [
            ("0", "0.00"),
            ("5", "0.05"),
            ("123456789", "1,234,567.89"),
            ("100.5", "1.005"),
            ("12345678901234567890123456789012", "123,456,789,012,345,678,901,234,567,890.12"),
        ],
    )
    def test_of_money_are_exact(self, fen, written):
        assert yuan_of(Decimal(fen)) == written

    def test_of_rounded_money_have_two_decimals(self):
        assert rounded_yuan_of(Decimal("100.5")) == "1.01"
        assert rounded_yuan_of(Decimal("100.44")) == "1.00"

    def test_of_a_deviation_have_a_sign(self):
        assert percent_of(Decimal("-1.49676")) == "-1.4968 %"
        assert percent_of(Decimal(2)) == "+2.0000 %"
