from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.formulas import (
    Criteria,
    Criterion,
    Kind,
    OutlierRule,
    authoring_faults,
    read_formula,
)
from core.formulas.params import Params

from .cases import answer, goods, scored, works


def faults(case, day="2026-11-23"):
    case["date"] = day
    return {fault["code"]: fault for fault in answer(case)["faults"]}


def told(**change):
    """What the law says to a formula of a goods lot of procurement."""
    facts = {
        "track": "G",
        "category": "goods",
        "procedure": "open_tender",
        "on": date(2026, 11, 23),
        "method": "gov_lowest",
        "weight": Decimal(30),
        "params": {},
        "criteria": None,
        "outlier_rule": None,
    }
    return authoring_faults(**facts | change)


class TestAFormula:
    def test_that_is_lawful_has_no_faults(self):
        assert faults(works(weight="60")) == {}
        assert faults(goods(100, weight="30", small_deduction="0.10")) == {}

    def test_is_not_asked_about_without_a_day(self):
        assert answer(goods(100, weight="5"))["faults"] == []

    def test_with_an_average_has_no_place_in_government_procurement(self):
        case = works()
        case["track"] = "G"
        fault = faults(case)["AVERAGE_IN_G"]
        assert fault["pointer"] == "/formula/method"
        assert fault["article"] == "《政府采购货物和服务招标投标管理办法》第五十五条"

    @pytest.mark.parametrize(
        ("category", "weight", "found"),
        [
            ("goods", "30", set()),
            ("goods", "29.9", {"WEIGHT_BELOW_LAW"}),
            ("services", "10", set()),
            ("services", "9", {"WEIGHT_BELOW_LAW"}),
            ("goods", "95", set()),
        ],
    )
    def test_weighs_price_as_the_law_wants(self, category, weight, found):
        case = goods(100, weight=weight)
        case["category"] = category
        assert set(faults(case)) == found

    def test_weighs_price_inside_a_range_in_a_consultation(self):
        case = goods(100, weight="61")
        case["procedure"] = "consultation"
        fault = faults(case)["WEIGHT_ABOVE_LAW"]
        assert fault["facts"] == {"value": "0.61", "limit": "0.6"}

    def test_weighs_price_against_all_points_there_are(self):
        case = scored(goods(100, weight="30"), {"a": {"tech": ["1"], "firm": ["1"]}})
        assert faults(case) == {}
        case["rules"]["criteria"][0]["max"] = "70"
        assert set(faults(case)) == {"WEIGHT_BELOW_LAW"}

    @pytest.mark.parametrize(
        ("day", "rate", "found"),
        [
            ("2026-11-23", "0.09", {"SMALL_DEDUCTION_BELOW_LAW"}),
            ("2026-11-23", "0.21", {"SMALL_DEDUCTION_ABOVE_LAW"}),
            ("2022-06-30", "0.09", set()),
            ("2022-06-30", "0.20", {"SMALL_DEDUCTION_ABOVE_LAW"}),
            ("2022-07-01", "0.20", set()),
        ],
    )
    def test_prefers_small_firms_by_the_rates_of_the_day(self, day, rate, found):
        assert set(faults(goods(100, small_deduction=rate), day)) == found

    def test_prefers_domestic_products_by_the_one_rate_there_is(self):
        assert set(faults(goods(100, domestic_deduction="0.20"))) == set()
        assert set(faults(goods(100, domestic_deduction="0.10"))) == {
            "DOMESTIC_DEDUCTION_BELOW_LAW"
        }

    def test_names_a_parent_that_its_parts_do_not_add_up_to(self):
        tree = [
            {"key": "tech", "title": "技术", "max": "60", "kind": "judged"},
            {"key": "plan", "title": "方案", "max": "50", "kind": "judged", "part_of": "tech"},
        ]
        case = scored(works(prices=[100], weight="40"), {"a": {"plan": ["1"]}}, criteria=tree)
        assert faults(case)["PARTS_DIFFER"]["facts"] == {"criterion": "tech"}

    def test_leaves_a_rate_that_cannot_be_read_to_the_formula(self):
        assert told(params={"small_deduction": "a tenth"}) == ()

    def test_is_judged_by_its_other_rates_beside_one_that_cannot_be_read(self):
        rates = {"small_deduction": "a tenth", "domestic_deduction": "0.1", "draw": {"name": "K"}}
        assert [fault.code for fault in told(params=rates)] == ["DOMESTIC_DEDUCTION_BELOW_LAW"]

    def test_in_procurement_is_told_every_fault_with_its_place_and_article(self):
        criteria = Criteria(
            (
                Criterion(key="tech", title="技术", maximum=Decimal(71), kind=Kind.JUDGED),
                Criterion(
                    key="plan",
                    title="方案",
                    maximum=Decimal(70),
                    kind=Kind.JUDGED,
                    part_of="tech",
                ),
                Criterion(key="price", title="报价", maximum=Decimal(29), kind=Kind.PRICE),
            )
        )
        found = told(
            weight=Decimal(29),
            params={"small_deduction": "0.21", "domestic_deduction": "0.1"},
            criteria=criteria,
            outlier_rule=OutlierRule(drop_high=1, drop_low=1, from_members=5),
        )
        mof87 = "《政府采购货物和服务招标投标管理办法》第五十五条"
        assert [fault.body() for fault in found] == [
            {
                "code": "WEIGHT_BELOW_LAW",
                "pointer": "/formula/weight",
                "facts": {"value": "0.29", "limit": "0.3"},
                "article": mof87,
            },
            {
                "code": "SMALL_DEDUCTION_ABOVE_LAW",
                "pointer": "/formula/params/small_deduction",
                "facts": {"value": "0.21", "limit": "0.2"},
                "article": "《关于进一步加大政府采购支持中小企业力度的通知》",
            },
            {
                "code": "DOMESTIC_DEDUCTION_BELOW_LAW",
                "pointer": "/formula/params/domestic_deduction",
                "facts": {"value": "0.1", "limit": "0.2"},
                "article": "《关于在政府采购中实施本国产品标准及相关政策的通知》",
            },
            {
                "code": "OUTLIER_IN_G",
                "pointer": "/rules/outlier_rule",
                "facts": {},
                "article": mof87,
            },
            {
                "code": "PARTS_DIFFER",
                "pointer": "/rules/criteria",
                "facts": {"criterion": "tech"},
                "article": None,
            },
        ]


class TestTheRegistry:
    def test_reads_a_formula_with_the_pointer_of_its_lot(self):
        formula = read_formula("gov_lowest", {}, pointer="/lots/0/price_formula")
        assert formula.small == 0
        assert Params({}, "/x").trim().high == 0
