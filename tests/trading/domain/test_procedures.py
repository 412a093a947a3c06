"""What each procedure means: the differences between the tracks that the law makes."""

from __future__ import annotations

import pytest

from core.formulas.registry import METHODS
from core.law import COUNTS
from trading.domain.procedures import PROCEDURES, rules_of

TENDERING = rules_of("T", "open_tender")
PROCUREMENT = rules_of("G", "open_tender")


class TestTheProceduresOfBothTracks:
    def test_publish_candidates_in_tendering_alone(self):
        # TBR Art. 54; in procurement the result is published directly.
        assert (TENDERING.publishes_candidates, PROCUREMENT.publishes_candidates) == (True, False)

    def test_leave_qualification_to_the_purchaser_in_procurement_alone(self):
        # MOF87 Art. 44.
        assert not TENDERING.purchaser_reviews_qualification
        assert PROCUREMENT.purchaser_reviews_qualification

    def test_let_averages_set_the_price_in_tendering_alone(self):
        # MOF87 Art. 55: in procurement the lowest price sets the mark.
        assert "m1" in TENDERING.methods
        assert PROCUREMENT.methods == ("gov_lowest",)

    def test_cite_the_article_that_makes_them(self):
        assert str(TENDERING.basis) == "《招标投标法》第二十八条"
        assert str(PROCUREMENT.basis) == "《政府采购法》第三十六条"


class TestEveryRow:
    @pytest.mark.parametrize("row", PROCEDURES.values(), ids=lambda row: row.track)
    def test_agrees_with_the_tables_of_the_law(self, row):
        day = row.basis.statute.since
        assert COUNTS["least_bidders"].get(on=day, track=row.track).value == row.minimum_bids
        assert row.most_candidates == 3

    @pytest.mark.parametrize("row", PROCEDURES.values(), ids=lambda row: row.track)
    def test_offers_only_methods_that_can_be_reckoned(self, row):
        assert set(row.methods) <= set(METHODS)

    def test_is_found_by_its_track_and_procedure(self):
        for (track, procedure), row in PROCEDURES.items():
            assert (row.track, row.procedure) == (track, procedure)
            assert rules_of(track, procedure) is row

    @pytest.mark.parametrize("asked", [("G", "single_source"), ("X", "open_tender")])
    def test_is_missing_for_a_procedure_that_is_not_run(self, asked):
        with pytest.raises(KeyError):
            rules_of(*asked)
