"""One lot before its publication: its money, its criteria, its formula."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.door import BadInput
from core.formulas import Criterion, Kind
from trading.domain.lots import LotFault, LotPlan, check, read_criteria

ON = date(2026, 10, 26)
PLAN = LotPlan(
    track="G",
    procedure="open_tender",
    category="goods",
    estimate_fen=500_000_000,
    ceiling_fen=None,
    bid_security_fen=10_000_000,
    price_formula={"method": "gov_lowest", "weight": "40", "params": {}},
    criteria=[
        {"key": "tech", "title": "技术", "max": "60", "kind": "judged"},
        {"key": "price", "title": "价格", "max": "40", "kind": "price"},
    ],
    outlier_rule=None,
    tie_rule=["lower_price", "draw"],
    candidates_count=3,
)
M1 = {
    "method": "m1",
    "weight": "40",
    "params": {"K": "0.97", "E1": "0.9", "E2": "0.6"},
}
WORKS = replace(PLAN, track="T", category="works", price_formula=M1)


def codes(plan: LotPlan) -> list[str]:
    return [fault.code for fault in check(plan, on=ON)]


class TestALotOfGovernmentProcurement:
    def test_needs_no_ceiling_below_its_budget(self):
        assert codes(PLAN) == []

    def test_needs_a_budget(self):
        assert "NO_ESTIMATE" in codes(replace(PLAN, estimate_fen=0, bid_security_fen=0))

    def test_asks_two_percent_of_the_budget_as_security_at_most(self):
        # MOF87 Art. 38, GPR Art. 33: a budget of 5 million yuan allows 100,000 yuan, whatever the
        # ceiling.
        assert codes(replace(PLAN, ceiling_fen=400_000_000)) == []
        assert codes(replace(PLAN, bid_security_fen=10_000_001)) == ["SECURITY_ABOVE_CAP"]


class TestALotOfATenderByLaw:
    def test_has_its_security_capped_by_its_estimate(self):
        works = replace(PLAN, track="T", category="works", bid_security_fen=10_000_000)
        assert codes(works) == []
        assert codes(replace(works, bid_security_fen=10_000_001)) == ["SECURITY_ABOVE_CAP"]

    def test_of_works_has_the_ceiling_of_the_departments_rules_too(self):
        # Two percent of 50 million yuan are a million; O30 Art. 37 stops at 800,000.
        works = replace(WORKS, estimate_fen=5_000_000_000, bid_security_fen=80_000_000)
        assert codes(works) == []
        (fault,) = check(replace(works, bid_security_fen=80_000_001), on=ON)
        assert fault == LotFault(
            code="SECURITY_ABOVE_CAP",
            pointer="/bid_security_fen",
            facts={"cap_fen": 80_000_000, "given_fen": 80_000_001},
            article="《工程建设项目施工招标投标办法》第三十七条",
        )

    def test_may_score_by_an_average(self):
        assert codes(WORKS) == []


class TestAnEstimate:
    def test_is_one_fen_at_the_least(self):
        assert codes(replace(PLAN, estimate_fen=1, bid_security_fen=0)) == []
        assert check(replace(PLAN, estimate_fen=0, bid_security_fen=0), on=ON) == [
            LotFault(code="NO_ESTIMATE", pointer="/estimate_fen")
        ]


class TestTheCandidates:
    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_are_one_to_three(self, count):
        assert codes(replace(PLAN, candidates_count=count)) == []

    @pytest.mark.parametrize("count", [0, 4])
    def test_are_no_other_number(self, count):
        assert check(replace(PLAN, candidates_count=count), on=ON) == [
            LotFault(code="CANDIDATES", pointer="/candidates", facts={"most": 3})
        ]


class TestTheFormula:
    def test_is_one_the_procedure_knows(self):
        procurement = replace(PLAN, price_formula=M1)
        found = check(procurement, on=ON)
        assert found[0] == LotFault(
            code="METHOD_NOT_OPEN", pointer="/price_formula/method", facts={"method": "m1"}
        )
        # MOF87 Art. 55 says the same of averages, with its article.
        assert found[1:] == [
            LotFault(
                code="AVERAGE_IN_G",
                pointer="/formula/method",
                article="《政府采购货物和服务招标投标管理办法》第五十五条",
            )
        ]

    @pytest.mark.parametrize("missing", ["method", "weight"])
    def test_names_what_it_lacks(self, missing):
        formula = {name: value for name, value in M1.items() if name != missing}
        found = check(replace(WORKS, price_formula=formula), on=ON)
        assert found[-1] == LotFault(code="NO_FORMULA", pointer=f"/price_formula/{missing}")

    def test_without_parameters_reads_as_without(self):
        formula = {"method": "gov_lowest", "weight": "40"}
        assert codes(replace(PLAN, price_formula=formula)) == []

    def test_shows_the_place_of_a_parameter_it_cannot_read(self):
        formula = {**M1, "params": {**M1["params"], "K": "0"}}
        assert check(replace(WORKS, price_formula=formula), on=ON) == [
            LotFault(
                code="BAD_INPUT",
                pointer="/formula/params/K",
                facts={"why": "/formula/params/K: must be above zero"},
            )
        ]

    def test_is_judged_by_the_law_on_its_weight(self):
        criteria = [
            {"key": "tech", "title": "技术", "max": "71", "kind": "judged"},
            {"key": "price", "title": "价格", "max": "29", "kind": "price"},
        ]
        light = replace(
            PLAN, criteria=criteria, price_formula={**PLAN.price_formula, "weight": "29"}
        )
        # MOF87 Art. 55: three tenths at the least for goods, one for services.
        assert check(light, on=ON) == [
            LotFault(
                code="WEIGHT_BELOW_LAW",
                pointer="/formula/weight",
                facts={"value": "0.29", "limit": "0.3"},
                article="《政府采购货物和服务招标投标管理办法》第五十五条",
            )
        ]
        assert codes(replace(light, category="services")) == []
        assert check(light, on=date(2016, 1, 1)) == []

    def test_is_judged_by_the_law_on_its_deductions(self):
        formula = {**PLAN.price_formula, "params": {"small_deduction": "0.05"}}
        (fault,) = check(replace(PLAN, price_formula=formula), on=ON)
        assert (fault.code, fault.facts["limit"]) == ("SMALL_DEDUCTION_BELOW_LAW", "0.1")


class TestTheRulesOfScoring:
    def test_may_drop_outliers_in_tendering_alone(self):
        rule = {"drop_high": 1, "drop_low": 1, "from_members": 5}
        assert codes(replace(WORKS, outlier_rule=rule)) == []
        assert codes(replace(PLAN, outlier_rule=rule)) == ["OUTLIER_IN_G"]

    def test_show_an_outlier_rule_that_would_leave_no_score(self):
        rule = {"drop_high": 1, "drop_low": 1, "from_members": 2}
        (fault,) = check(replace(WORKS, outlier_rule=rule), on=ON)
        assert (fault.code, fault.pointer) == ("BAD_INPUT", "/rules/outlier_rule/from_members")

    def test_part_ties_by_known_rules_only(self):
        (fault,) = check(replace(PLAN, tie_rule=["lower_price", "dice"]), on=ON)
        assert (fault.code, fault.pointer) == ("BAD_INPUT", "/rules/tie_rule/1")

    def test_are_heard_beside_faults_of_the_money(self):
        told = replace(PLAN, bid_security_fen=10_000_001, tie_rule=["dice"])
        assert codes(told) == ["SECURITY_ABOVE_CAP", "BAD_INPUT"]
        told = replace(told, tie_rule=[], price_formula={"method": "gov_lowest"})
        assert codes(told) == ["SECURITY_ABOVE_CAP", "NO_FORMULA"]
        assert codes(replace(PLAN, bid_security_fen=10_000_001, criteria=[])) == [
            "SECURITY_ABOVE_CAP",
            "NOT_HUNDRED",
            "ONE_PRICE",
        ]


def tree(*rows):
    return [
        {"key": key, "title": key, "max": maximum, "kind": kind, **more}
        for key, maximum, kind, more in rows
    ]


class TestTheCriteria:
    def found(self, *rows, **change):
        return check(replace(PLAN, criteria=tree(*rows), **change), on=ON)

    def test_add_up_to_a_hundred_at_the_top(self):
        found = self.found(("tech", "59.5", "judged", {}), ("price", "40", "price", {}))
        assert found == [
            LotFault(code="NOT_HUNDRED", pointer="/criteria", facts={"total": Decimal("99.5")})
        ]

    def test_count_parts_once_by_their_parent(self):
        parts = (
            ("tech", "60", "judged", {}),
            ("plan", "40", "judged", {"part_of": "tech"}),
            ("team", "20", "judged", {"part_of": "tech"}),
            ("price", "40", "price", {}),
        )
        assert self.found(*parts) == []
        uneven = (*parts[:2], ("team", "19", "judged", {"part_of": "tech"}), parts[3])
        assert self.found(*uneven) == [
            LotFault(code="PARTS_DIFFER", pointer="/rules/criteria", facts={"criterion": "tech"})
        ]

    def test_hold_one_price(self):
        assert self.found(("tech", "100", "judged", {})) == [
            LotFault(code="ONE_PRICE", pointer="/criteria")
        ]

    def test_give_the_price_the_weight_of_the_formula(self):
        rows = ("tech", "50", "judged", {}), ("price", "50", "price", {})
        assert self.found(*rows) == [
            LotFault(
                code="WEIGHT_DIFFERS",
                pointer="/price_formula/weight",
                facts={"weight": Decimal(40), "max": Decimal(50)},
            )
        ]

    def test_are_read_with_steps_and_parents(self):
        (tech, plan) = read_criteria(
            tree(
                ("tech", "60", "judged", {"step": None, "part_of": ""}),
                ("plan", "60", "objective", {"step": "0.5", "part_of": "tech"}),
            )
        ).items
        assert tech == Criterion(key="tech", title="tech", maximum=Decimal(60), kind=Kind.JUDGED)
        assert plan == Criterion(
            key="plan",
            title="plan",
            maximum=Decimal(60),
            kind=Kind.OBJECTIVE,
            step=Decimal("0.5"),
            part_of="tech",
        )

    def test_that_are_unsound_show_their_place(self):
        with pytest.raises(BadInput) as refused:
            read_criteria(tree(("tech", "0", "judged", {})))
        assert refused.value.pointer == "/rules/criteria/0/max"
