"""How a panel must be made up, with the figures and the article of each finding."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.composition import Finding, findings

ON = date(2026, 11, 23)
TBL_37 = "《招标投标法》第三十七条"
MOF87_47 = "《政府采购货物和服务招标投标管理办法》第四十七条"
TEN_MILLION_YUAN = 1_000_000_000


def found(experts, representatives, **where):
    facts = {"track": "T", "procedure": "open_tender", "budget_fen": 0, "on": ON} | where
    return findings(experts=experts, representatives=representatives, **facts)


class TestAPanelOfTenderingLaw:
    @pytest.mark.parametrize(("experts", "owners"), [(4, 1), (5, 0), (5, 2), (6, 3), (9, 0)])
    def test_of_two_thirds_experts_odd_and_five_or_more_is_lawful(self, experts, owners):
        assert found(experts, owners) == []

    @pytest.mark.parametrize(
        ("total", "least"),
        [(5, 4), (7, 5), (9, 6)],  # fixture COMM of the handbook
    )
    def test_short_of_one_expert_is_told_how_many_it_needs(self, total, least):
        assert found(least - 1, total - least + 1) == [
            Finding(
                code="TOO_FEW_EXPERTS",
                blocks=True,
                article=TBL_37,
                facts={"experts": least - 1, "least": least, "total": total},
            )
        ]

    def test_of_an_even_number_is_stopped(self):
        assert found(5, 1) == [
            Finding(code="EVEN", blocks=True, article=TBL_37, facts={"total": 6})
        ]

    def test_of_three_is_stopped(self):
        assert found(3, 0) == [
            Finding(code="TOO_FEW", blocks=True, article=TBL_37, facts={"total": 3, "least": 5})
        ]

    def test_hears_everything_at_once(self):
        assert [row.code for row in found(2, 2)] == ["EVEN", "TOO_FEW", "TOO_FEW_EXPERTS"]

    def test_does_not_grow_with_the_budget(self):
        assert found(5, 0, budget_fen=100 * TEN_MILLION_YUAN) == []


class TestAPanelOfGovernmentProcurement:
    def test_of_five_is_lawful_below_ten_million_yuan(self):
        assert found(5, 0, track="G", budget_fen=TEN_MILLION_YUAN - 1) == []

    def test_of_five_is_warned_but_not_stopped_from_ten_million_yuan_on(self):
        assert found(5, 0, track="G", budget_fen=TEN_MILLION_YUAN) == [
            Finding(code="TOO_FEW", blocks=False, article=MOF87_47, facts={"total": 5, "least": 7})
        ]
        assert found(7, 0, track="G", budget_fen=TEN_MILLION_YUAN) == []

    def test_of_three_is_stopped_at_any_budget(self):
        for budget in (0, TEN_MILLION_YUAN):
            (finding,) = found(3, 0, track="G", budget_fen=budget)
            assert (finding.code, finding.blocks) == ("TOO_FEW", True)

    def test_of_a_consultation_may_have_three(self):
        # CK214 Art. 14; of three members two are experts at the least.
        assert found(2, 1, track="G", procedure="consultation") == []
        (finding,) = found(1, 2, track="G", procedure="consultation")
        assert finding.facts == {"experts": 1, "least": 2, "total": 3}


class TestAnyPanel:
    @given(st.integers(0, 15), st.integers(0, 15), st.sampled_from("TG"))
    def test_is_stopped_exactly_by_parity_size_and_share(self, experts, representatives, track):
        total = experts + representatives
        rows = found(experts, representatives, track=track)
        assert {row.code for row in rows if row.blocks} == {
            code
            for code, wrong in (
                ("EVEN", total % 2 == 0),
                ("TOO_FEW", total < 5),
                ("TOO_FEW_EXPERTS", 3 * experts < 2 * total),
            )
            if wrong
        }
        assert all(row.article for row in rows)
