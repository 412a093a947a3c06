"""One lot before its publication: what its money may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from trading.domain.lots import LotPlan, check

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
