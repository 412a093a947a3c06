from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import law
from core.law import AMOUNTS, COUNTS, PERIODS, Article, Evidence, NoRule, Rule, Statute, Table, Unit
from core.law.rules import tables
from core.zone import at

TODAY = date(2026, 11, 23)
WAN = 1_000_000


class TestRule:
    def test_holds_from_its_first_day_to_the_day_before_its_end(self):
        rule = Rule(
            value=1,
            unit=Unit.DAYS,
            article=Article(Statute.TBL, 24),
            tag=Evidence.READ,
            valid_from=date(2020, 1, 1),
            valid_to=date(2021, 1, 1),
            where={"track": "T"},
        )
        table = Table("t", (rule,))
        assert table.find(on=date(2020, 1, 1), track="T", other="x") is rule
        assert table.find(on=date(2020, 12, 31), track="T") is rule
        assert table.find(on=date(2019, 12, 31), track="T") is None
        assert table.find(on=date(2021, 1, 1), track="T") is None
        assert table.find(on=date(2020, 1, 1), track="G") is None
        with pytest.raises(NoRule, match="track G"):
            table.get(on=date(2020, 1, 1), track="G")

    def test_stands_in_one_table_only(self):
        with pytest.raises(ValueError, match="two tables"):
            tables(Table("t", ()), Table("t", ()))


class TestArticles:
    def test_are_cited_in_both_languages(self):
        article = PERIODS["issue_to_deadline"].get(on=TODAY, track="T", must_tender="yes").article
        assert str(article) == "《招标投标法》第二十四条"
        assert article.en == "Tendering and Bidding Law, Art. 24"

    @pytest.mark.parametrize(
        ("number", "text"), [(5, "五"), (10, "十"), (16, "十六"), (20, "二十"), (57, "五十七")]
    )
    def test_are_numbered_as_laws_are(self, number, text):
        assert Article(Statute.TBR, number).zh.endswith(f"第{text}条")

    def test_of_a_notice_are_the_notice(self):
        assert Article(Statute.DOM34, 0).zh == f"《{Statute.DOM34.zh}》"
        assert Article(Statute.DOM34, 0).en == Statute.DOM34.en

    def test_of_every_table_are_listed_once(self):
        listed = law.articles([*PERIODS.values(), *AMOUNTS.values(), *COUNTS.values()])
        assert len(listed) == len(set(listed)) > 30


class TestPeriods:
    @pytest.mark.parametrize(
        ("table", "facts", "value", "unit"),
        [
            ("issue_to_deadline", {"track": "T", "must_tender": "yes"}, 20, "days"),
            ("issue_to_deadline", {"track": "G", "procedure": "open_tender"}, 20, "days"),
            ("issue_to_deadline", {"track": "G", "procedure": "consultation"}, 10, "days"),
            ("issue_to_deadline", {"track": "G", "procedure": "negotiation"}, 3, "working_days"),
            ("amendment_before_deadline", {"track": "T"}, 15, "days"),
            ("objection_before_deadline", {"track": "T"}, 10, "days"),
            ("candidate_publicity", {"track": "T"}, 3, "days"),
            ("contract", {"track": "T"}, 30, "days"),
            ("contract", {"track": "G"}, 30, "days"),
            ("refund", {"track": "T", "after": "contract"}, 5, "days"),
            ("refund", {"track": "G", "after": "award_notice"}, 5, "working_days"),
            ("result_notice", {"track": "G"}, 1, "working_days"),
        ],
    )
    def test_are_those_of_the_handbook(self, table, facts, value, unit):
        rule = PERIODS[table].get(on=TODAY, **facts)
        assert (rule.value, rule.unit) == (value, unit)

    @pytest.mark.parametrize("table", ["candidate_publicity", "objection_before_deadline"])
    def test_of_tendering_law_are_not_lent_to_government_procurement(self, table):
        assert PERIODS[table].find(on=TODAY, track="G") is None

    def test_are_silent_below_the_threshold(self):
        assert PERIODS["issue_to_deadline"].find(on=TODAY, track="SUB") is None


class TestTheEarliestDeadline:
    def test_is_twenty_days_after_issue_and_a_day_the_centre_is_open(self):
        found = law.earliest_deadline_day(
            date(2026, 11, 2), track="T", procedure="open_tender", must_tender=True
        )
        assert found.day == date(2026, 11, 22)
        assert found.bookable == date(2026, 11, 23)
        assert found.rule.article == Article(Statute.TBL, 24)
        assert not found.provisional

    def test_is_any_open_day_where_tendering_is_voluntary(self):
        found = law.earliest_deadline_day(
            date(2026, 11, 22), track="T", procedure="open_tender", must_tender=False
        )
        assert (found.day, found.bookable, found.rule) == (
            date(2026, 11, 22),
            date(2026, 11, 23),
            None,
        )

    def test_counts_working_days_where_the_law_does(self):
        found = law.earliest_deadline_day(
            date(2026, 2, 13), track="G", procedure="negotiation", must_tender=False
        )
        assert found.day == date(2026, 2, 25)

    def test_says_when_the_calendar_may_still_change(self):
        found = law.earliest_deadline_day(
            date(2026, 12, 20), track="G", procedure="open_tender", must_tender=False
        )
        assert found.provisional

    def test_leaves_fifteen_days_after_an_addendum(self):
        found = law.earliest_deadline_after_amendment(
            at(date(2026, 12, 8), 10), track="T", procedure="open_tender"
        )
        assert found.at == at(date(2026, 12, 23), 10)
        assert found.rule.value == 15
        assert not found.provisional

    def test_leaves_working_days_in_a_negotiation(self):
        found = law.earliest_deadline_after_amendment(
            at(date(2026, 2, 13), 10), track="G", procedure="negotiation"
        )
        assert found.at == at(date(2026, 2, 25), 10)

    def test_is_free_where_no_law_speaks(self):
        amended = at(date(2026, 12, 8), 10)
        found = law.earliest_deadline_after_amendment(amended, track="SUB", procedure="open_tender")
        assert (found.at, found.rule) == (amended, None)


class TestPublicity:
    def test_is_over_the_day_after_its_last_day(self):
        rule = PERIODS["candidate_publicity"].get(on=TODAY, track="T")
        assert law.first_day_after(date(2026, 11, 23), rule).day == date(2026, 11, 27)

    def test_does_not_end_on_a_rest_day(self):
        rule = PERIODS["candidate_publicity"].get(on=TODAY, track="T")
        # From Wednesday 2 December three days end on a Saturday, hence on Monday the 7th.
        assert law.first_day_after(date(2026, 12, 2), rule).day == date(2026, 12, 8)

    def test_of_a_result_is_one_working_day(self):
        rule = PERIODS["result_notice"].get(on=TODAY, track="G")
        assert law.last_day(date(2026, 11, 23), rule).day == date(2026, 11, 24)

    def test_refunds_are_due_by_the_laws_own_days(self):
        friday = date(2026, 11, 27)
        t = PERIODS["refund"].get(on=friday, track="T", after="contract")
        g = PERIODS["refund"].get(on=friday, track="G", after="contract")
        assert law.last_day(friday, t).day == date(2026, 12, 2)
        assert law.last_day(friday, g).day == date(2026, 12, 4)


class TestSecurityCap:
    @pytest.mark.parametrize(
        ("base", "track", "category", "cap"),
        [
            (3_000 * WAN, "T", "works", 60 * WAN),
            (6_000 * WAN, "T", "works", 80 * WAN),
            (800 * WAN, "T", "design", 10 * WAN),
            (500 * WAN, "G", "goods", 10 * WAN),
            (6_000 * WAN, "T", "services", 120 * WAN),
            (6_000 * WAN, "G", "works", 120 * WAN),
            (149, "T", "works", 2),
        ],
    )
    def test_is_two_percent_up_to_the_categorys_ceiling(self, base, track, category, cap):
        assert law.security_cap(base, track=track, category=category, on=TODAY).fen == cap

    def test_names_the_rule_that_decides_first(self):
        share = law.security_cap(3_000 * WAN, track="T", category="works", on=TODAY)
        ceiling = law.security_cap(6_000 * WAN, track="T", category="works", on=TODAY)
        assert share.rules[0].article == Article(Statute.TBR, 26)
        assert ceiling.rules[0].article == Article(Statute.O30, 37)

    def test_is_none_where_the_notice_decides(self):
        assert law.security_cap(WAN, track="A", category="goods", on=TODAY) is None


class TestMustTender:
    @pytest.mark.parametrize(
        ("category", "threshold"),
        [
            ("works", 400 * WAN),
            ("goods", 200 * WAN),
            ("services", 100 * WAN),
            ("design", 100 * WAN),
        ],
    )
    def test_begins_at_the_threshold(self, category, threshold):
        assert law.must_tender(threshold, category=category, on=TODAY) is not None
        assert law.must_tender(threshold - 1, category=category, on=TODAY) is None

    def test_is_not_judged_by_a_rule_before_its_time(self):
        assert law.must_tender(500 * WAN, category="works", on=date(2018, 5, 31)) is None


class TestPreferences:
    @pytest.mark.parametrize(
        ("day", "category", "least", "most"),
        [
            (date(2019, 11, 1), "goods", "0.06", "0.10"),
            (date(2021, 6, 1), "services", "0.06", "0.10"),
            (date(2022, 6, 30), "goods", "0.06", "0.10"),
            (date(2022, 7, 1), "goods", "0.10", "0.20"),
            (TODAY, "works", "0.03", "0.05"),
        ],
    )
    def test_for_small_firms_are_those_of_the_day(self, day, category, least, most):
        found = [
            AMOUNTS[f"small_deduction_{end}"].get(on=day, track="G", category=category).value
            for end in ("least", "most")
        ]
        assert found == [Decimal(least), Decimal(most)]

    def test_for_domestic_products_begin_in_2026(self):
        table = AMOUNTS["domestic_deduction"]
        first = date(2026, 1, 1)
        assert table.get(on=first, track="G", category="goods").value == Decimal("0.20")
        assert table.find(on=first - timedelta(days=1), track="G", category="goods") is None


class TestThePanel:
    @pytest.mark.parametrize(("members", "experts"), [(5, 4), (7, 5), (9, 6), (3, 2)])
    def test_is_two_thirds_experts(self, members, experts):
        assert law.least_experts(members) == experts

    @pytest.mark.parametrize(
        ("track", "procedure", "budget", "members"),
        [
            ("T", "open_tender", 10_000 * WAN, 5),
            ("G", "open_tender", 1_000 * WAN - 1, 5),
            ("G", "open_tender", 1_000 * WAN, 7),
            ("G", "consultation", 1_000 * WAN, 3),
        ],
    )
    def test_has_its_least_size(self, track, procedure, budget, members):
        rule = law.least_members(track=track, procedure=procedure, budget_fen=budget, on=TODAY)
        assert rule.value == members
