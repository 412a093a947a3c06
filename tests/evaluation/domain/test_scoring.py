"""Cells, their hash, blanks, facts on which members differ, scores far from the others."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.formulas import Criteria, Criterion, Kind
from evaluation.domain.scoring import (
    Cell,
    Far,
    blanks,
    differences,
    digest,
    ordered,
    outliers,
)

CRITERIA = Criteria(
    (
        Criterion(key="tech", title="技术", maximum=Decimal(60), kind=Kind.JUDGED),
        Criterion(key="plan", title="方案", maximum=Decimal(40), kind=Kind.JUDGED, part_of="tech"),
        Criterion(key="team", title="团队", maximum=Decimal(20), kind=Kind.JUDGED, part_of="tech"),
        Criterion(key="cert", title="认证", maximum=Decimal(10), kind=Kind.OBJECTIVE),
        Criterion(key="price", title="报价", maximum=Decimal(30), kind=Kind.PRICE),
    )
)


def cell(member, value, *, bid="b1", criterion="plan"):
    return Cell(member=member, bid=bid, criterion=criterion, value=Decimal(value))


def column(*values, **where):
    return [cell(f"E-{number:02d}", value, **where) for number, value in enumerate(values, 1)]


def flagged(cells):
    return [(far.member, far.others) for far in outliers(cells, criteria=CRITERIA)]


SHEETS = st.lists(
    st.builds(
        Cell,
        member=st.sampled_from(["E-01", "E-02", "E-03"]),
        bid=st.sampled_from(["b1", "b2"]),
        criterion=st.sampled_from(["plan", "team", "cert"]),
        value=st.integers(0, 20).map(lambda half: Decimal(half) / 2),
    ),
    max_size=18,
    unique_by=lambda each: (each.member, each.bid, each.criterion),
)


class TestACell:
    def test_is_written_as_a_case_writes_it(self):
        assert cell("E-01", "20.50").body() == {
            "member": "E-01",
            "bid": "b1",
            "criterion": "plan",
            "score": "20.5",
        }

    def test_has_its_place_by_member_then_bid_then_leaf(self):
        rows = [
            cell("E-01", 1, bid="b1", criterion="plan"),
            cell("E-01", 1, bid="b1", criterion="team"),
            cell("E-01", 1, bid="b2", criterion="cert"),
            cell("E-02", 1, bid="b1", criterion="cert"),
        ]
        assert ordered([rows[2], rows[3], rows[1], rows[0]]) == rows


class TestWhatALockSigns:
    def test_is_the_hash_of_the_cells_as_compact_json_with_sorted_names(self):
        cells = column("20.50", 8)
        text = json.dumps(
            [
                {"bid": "b1", "criterion": "plan", "member": "E-01", "score": "20.5"},
                {"bid": "b1", "criterion": "plan", "member": "E-02", "score": "8"},
            ],
            separators=(",", ":"),
        )
        assert digest(reversed(cells)) == hashlib.sha256(text.encode()).hexdigest()

    @given(SHEETS, st.randoms(use_true_random=False))
    def test_does_not_hang_on_the_order_of_saving(self, cells, random):
        shuffled = list(cells)
        random.shuffle(shuffled)
        assert digest(shuffled) == digest(cells)

    @given(SHEETS.filter(bool), st.data())
    def test_changes_with_any_one_score(self, cells, data):
        at = data.draw(st.integers(0, len(cells) - 1))
        one = cells[at]
        other = cell(one.member, one.value + Decimal("0.5"), bid=one.bid, criterion=one.criterion)
        assert digest([*cells[:at], other, *cells[at + 1 :]]) != digest(cells)


class TestBlanks:
    def test_are_every_scored_leaf_of_every_bid_until_something_is_saved(self):
        assert blanks([], bids=["b2", "b1"], criteria=CRITERIA) == [
            ("b2", "plan"),
            ("b2", "team"),
            ("b2", "cert"),
            ("b1", "plan"),
            ("b1", "team"),
            ("b1", "cert"),
        ]

    def test_shrink_by_what_is_saved_a_zero_too(self):
        saved = [cell("E-01", 0), cell("E-01", 3, bid="b1", criterion="cert")]
        assert blanks(saved, bids=["b1"], criteria=CRITERIA) == [("b1", "team")]

    def test_are_none_once_every_leaf_is_filled(self):
        saved = [cell("E-01", 1, criterion=leaf) for leaf in ("plan", "team", "cert")]
        assert blanks(saved, bids=["b1"], criteria=CRITERIA) == []


class TestFactsOnWhichMembersDiffer:
    """MOF87 Art. 64: an objective item is the same for every member."""

    def test_are_named_by_bid_and_leaf(self):
        told = [*column(8, 8, "7.5", criterion="cert"), *column(8, 8, bid="b2", criterion="cert")]
        assert differences(told, criteria=CRITERIA) == [("b1", "cert")]

    def test_are_told_in_the_order_of_bids(self):
        told = [*column(1, 2, bid="b2", criterion="cert"), *column(1, 2, criterion="cert")]
        assert differences(told, criteria=CRITERIA) == [("b1", "cert"), ("b2", "cert")]

    def test_are_not_differences_of_judgement(self):
        assert differences(column(1, 40, 20), criteria=CRITERIA) == []

    def test_are_not_differences_of_spelling(self):
        assert differences(column("8", "8.0", criterion="cert"), criteria=CRITERIA) == []

    @given(SHEETS, st.randoms(use_true_random=False))
    def test_do_not_hang_on_the_order_of_saving(self, cells, random):
        shuffled = list(cells)
        random.shuffle(shuffled)
        assert differences(shuffled, criteria=CRITERIA) == differences(cells, criteria=CRITERIA)


class TestAScoreFarFromTheOthers:
    """Handbook §9.11: more than three tenths of the maximum from the mean of the others."""

    def test_is_flagged_above_three_tenths_and_not_at_them(self):
        # Of 40 points, three tenths are 12.
        assert flagged(column(20, 20, 20, 32)) == []
        assert flagged(column(20, 20, 20, "32.5")) == [("E-04", Decimal("20.00"))]

    def test_is_flagged_below_as_above(self):
        assert flagged(column(20, 20, 20, "7.5")) == [("E-04", Decimal("20.00"))]

    def test_is_compared_with_the_others_alone(self):
        # With its own 40 the mean would be 24, from which 16 points are missing, not 20.
        assert flagged(column(20, 20, 20, 20, 40)) == [("E-05", Decimal("20.00"))]

    def test_is_written_with_the_mean_it_was_compared_with(self):
        # (20 + 19 + 18.5 + 21.5) ÷ 4 = 19.75
        (far,) = outliers(column(20, 19, "18.5", "21.5", 5), criteria=CRITERIA)
        assert far == Far(
            member="E-05",
            bid="b1",
            criterion="plan",
            value=Decimal(5),
            others=Decimal("19.75"),
        )
        assert far.body() == {
            "member": "E-05",
            "bid": "b1",
            "criterion": "plan",
            "score": "5",
            "others": "19.75",
        }

    def test_shows_two_decimals_of_a_whole_mean(self):
        (far,) = outliers(column(20, 20, 40), criteria=CRITERIA)
        assert far.body()["others"] == "20.00"

    @pytest.mark.parametrize(
        ("last", "shown"),
        # (7 × 20 + last) ÷ 8: 20.125 and 20.375 lie on a half, which goes up in either case.
        [("21", "20.13"), ("23", "20.38"), ("20.5", "20.06")],
    )
    def test_shows_a_half_rounded_up(self, last, shown):
        (far,) = outliers(column(*[20] * 7, last, 0), criteria=CRITERIA)
        assert far.body()["others"] == shown

    def test_is_measured_by_the_maximum_of_its_own_leaf(self):
        # Of 20 points, three tenths are 6.
        told = [*column(20, 20, 28), *column(10, 10, "16.5", criterion="team")]
        assert [far.criterion for far in outliers(told, criteria=CRITERIA)] == ["team"]

    def test_is_measured_within_its_own_bid(self):
        assert flagged([*column(5, 5, 5), *column(35, 35, 35, bid="b2")]) == []

    def test_is_not_looked_for_among_facts(self):
        assert flagged(column(0, 10, 10, criterion="cert")) == []

    def test_of_the_only_member_is_far_from_nobody(self):
        assert flagged(column(40)) == []

    def test_of_two_members_is_flagged_for_both(self):
        assert flagged(column(10, 30)) == [
            ("E-01", Decimal("30.00")),
            ("E-02", Decimal("10.00")),
        ]

    @given(SHEETS, st.randoms(use_true_random=False))
    def test_does_not_hang_on_the_order_of_saving(self, cells, random):
        shuffled = list(cells)
        random.shuffle(shuffled)
        assert outliers(shuffled, criteria=CRITERIA) == outliers(cells, criteria=CRITERIA)

    @given(st.integers(0, 40), st.integers(2, 9))
    def test_is_nobodys_where_all_agree(self, value, members):
        assert flagged(column(*[value] * members)) == []
