"""A tender's plan against the periods of the law, with the earliest lawful day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import PUBLISHED, open_for_business, read_year
from core.zone import at, local, local_day
from trading.domain.timeline import (
    SLOTS,
    Finding,
    Plan,
    check,
    check_amendment,
    is_lawful,
    next_slot,
)

TBL_24 = "《招标投标法》第二十四条"
TBR_16 = "《招标投标法实施条例》第十六条"
GPL_35 = "《政府采购法》第三十五条"
GPR_31 = "《政府采购法实施条例》第三十一条"
TBL_23 = "《招标投标法》第二十三条"
# The minutes of eleven months of a year whose calendar is known.
MOMENTS = st.integers(0, 330 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def plan(**change):
    """Works, issued Monday 2026-11-02, deadline Monday 2026-11-23 09:30."""
    given_ = {
        "track": "T",
        "procedure": "open_tender",
        "must_tender": True,
        "published_at": at(date(2026, 11, 2), 9),
        "documents_issued_at": at(date(2026, 11, 2), 9),
        "deadline_at": at(date(2026, 11, 23), 9, 30),
    }
    return Plan(**given_ | change)


def found(told, code, **more):
    rows = {finding.code: finding for finding in check(told, **more)}
    return rows.get(code)


class TestAPlan:
    def test_that_keeps_every_period_shows_all_that_was_looked_at(self):
        assert check(plan()) == [
            Finding(code="DEADLINE_AHEAD", ok=True, article=""),
            Finding(
                code="ISSUE_AFTER_NOTICE", ok=True, article="", earliest=at(date(2026, 11, 2), 9)
            ),
            Finding(
                code="ISSUE_TO_DEADLINE",
                ok=True,
                article=TBL_24,
                days=20,
                found=21,
                earliest=at(date(2026, 11, 23), 9, 30),
            ),
            Finding(code="DOCUMENT_SALE", ok=True, article=TBR_16, days=5, found=21),
            Finding(code="BOOKABLE", ok=True, article="", earliest=at(date(2026, 11, 23), 9, 30)),
        ]
        assert is_lawful(check(plan()))

    def test_with_one_fault_is_not_lawful(self):
        assert not is_lawful(check(plan(deadline_at=at(date(2026, 11, 20), 9, 30))))
        assert is_lawful([])


class TestTheDeadline:
    def test_that_has_passed_is_told_alone_with_the_first_lawful_day(self):
        start = at(date(2026, 11, 20), 9)
        late = plan(
            published_at=start, documents_issued_at=start, deadline_at=at(date(2026, 11, 10), 9, 30)
        )
        earliest = at(date(2026, 12, 10), 9, 30)
        assert check(late) == [
            Finding(code="DEADLINE_AHEAD", ok=False, article="", earliest=earliest)
        ]

    @pytest.mark.parametrize("minutes", [-1, 0])
    def test_is_not_ahead_before_the_documents_are_out(self, minutes):
        told = plan(deadline_at=plan().documents_issued_at + timedelta(minutes=minutes))
        assert [(finding.code, finding.ok) for finding in check(told)] == [
            ("DEADLINE_AHEAD", False)
        ]

    def test_a_minute_ahead_is_held_against_the_periods(self):
        told = plan(deadline_at=at(date(2026, 11, 2), 9, 1))
        assert found(told, "DEADLINE_AHEAD").ok
        assert not found(told, "ISSUE_TO_DEADLINE").ok

    def test_is_counted_from_the_notice_where_no_period_is_fixed(self):
        told = plan(track="A", deadline_at=at(date(2026, 11, 1), 9))
        (finding,) = check(told)
        assert (finding.ok, finding.earliest) == (False, at(date(2026, 11, 2), 9))

    def test_is_counted_by_the_calendar_the_city_has_loaded(self):
        start = at(date(2027, 3, 1), 9)
        told = plan(track="A", published_at=start, documents_issued_at=start, deadline_at=start)
        calendar = PUBLISHED.with_year(2027, read_year(2027, off="0301", worked=""))
        (finding,) = check(told, calendar=calendar)
        assert finding.earliest == at(date(2027, 3, 2), 9)

    def test_that_lies_ahead_needs_no_other_day(self):
        assert found(plan(), "DEADLINE_AHEAD") == Finding(
            code="DEADLINE_AHEAD", ok=True, article=""
        )

    @given(MOMENTS, MOMENTS, MOMENTS)
    def test_never_makes_a_period_of_less_than_no_days(self, published, issued, deadline):
        told = plan(published_at=published, documents_issued_at=issued, deadline_at=deadline)
        assert all(finding.found is None or finding.found >= 0 for finding in check(told))


class TestTheDocuments:
    def test_whose_hour_has_passed_are_said_to_go_out_with_the_notice(self):
        told = plan(issued_with_notice=True)
        assert found(told, "ISSUE_AFTER_NOTICE") is None
        assert found(told, "ISSUE_WITH_NOTICE").ok
        assert is_lawful(check(told))

    def test_are_not_issued_before_the_notice(self):
        early = plan(published_at=at(date(2026, 11, 2), 9, 1))
        finding = found(early, "ISSUE_AFTER_NOTICE")
        assert (finding.ok, finding.earliest) == (False, early.published_at)

    def test_are_on_sale_five_days_in_tendering(self):
        # TBR Art. 16, calendar days; a lot that need not be tendered keeps it as well.
        for day, ok in ((6, False), (7, True)):
            short = plan(must_tender=False, deadline_at=at(date(2026, 11, day), 9, 30))
            assert found(short, "DOCUMENT_SALE") == Finding(
                code="DOCUMENT_SALE", ok=ok, article=TBR_16, days=5, found=day - 2
            )

    def test_are_on_sale_five_working_days_in_procurement(self):
        # Issued Wednesday 09-30: working days are 10-08, 09, 10 (worked in exchange), 12, 13.
        for day, ok in ((12, False), (13, True)):
            short = plan(
                track="G",
                published_at=at(date(2026, 9, 30), 9),
                documents_issued_at=at(date(2026, 9, 30), 9),
                deadline_at=at(date(2026, 10, day), 9, 30),
            )
            finding = found(short, "DOCUMENT_SALE")
            assert (finding.ok, finding.article, finding.days) == (ok, GPR_31, 5)

    def test_are_on_sale_by_the_calendar_the_city_has_loaded(self):
        told = plan(
            track="G",
            documents_issued_at=at(date(2027, 3, 1), 9),
            deadline_at=at(date(2027, 3, 8), 9, 30),
        )
        assert found(told, "DOCUMENT_SALE").ok
        calendar = PUBLISHED.with_year(2027, read_year(2027, off="0305", worked=""))
        assert not found(told, "DOCUMENT_SALE", calendar=calendar).ok

    def test_have_no_sale_period_on_a_track_without_one(self):
        assert found(plan(track="A"), "DOCUMENT_SALE") is None


class TestTheTimeForBidding:
    @pytest.mark.parametrize(
        ("track", "procedure", "article"),
        [("T", "open_tender", TBL_24), ("G", "open_tender", GPL_35)],
    )
    def test_is_twenty_days_the_day_of_issue_not_counted(self, track, procedure, article):
        # Fixture T-20d: issued 11-02, by period 11-22, a Sunday that no room can be had on.
        for day, ok in ((21, False), (22, True), (23, True)):
            told = plan(
                track=track, procedure=procedure, deadline_at=at(date(2026, 11, day), 9, 30)
            )
            assert found(told, "ISSUE_TO_DEADLINE") == Finding(
                code="ISSUE_TO_DEADLINE",
                ok=ok,
                article=article,
                days=20,
                found=day - 2,
                earliest=at(date(2026, 11, 23), 9, 30),
            )

    def test_is_free_where_tendering_is_not_a_duty(self):
        assert found(plan(must_tender=False), "ISSUE_TO_DEADLINE") is None

    def test_counts_from_the_day_of_issue_in_suzhou(self):
        # 17:00 in UTC on the 1st is already the 2nd.
        late = plan(documents_issued_at=datetime(2026, 11, 1, 17, 0, tzinfo=UTC))
        assert found(late, "ISSUE_TO_DEADLINE").found == 21

    def test_says_when_a_calendar_still_to_come_decides(self):
        told = plan(
            documents_issued_at=at(date(2026, 12, 18), 9), deadline_at=at(date(2027, 1, 11), 9)
        )
        assert found(told, "ISSUE_TO_DEADLINE").provisional
        assert not found(plan(), "ISSUE_TO_DEADLINE").provisional

    def test_ends_by_the_calendar_the_city_has_loaded(self):
        told = plan(
            documents_issued_at=at(date(2026, 12, 18), 9), deadline_at=at(date(2027, 1, 11), 9)
        )
        # By this calendar 01-07 is a holiday and the 8th the first day with a room.
        calendar = PUBLISHED.with_year(2027, read_year(2027, off="0107", worked=""))
        calendar = calendar.with_year(2028, read_year(2028, off="0101", worked=""))
        finding = found(told, "ISSUE_TO_DEADLINE", calendar=calendar)
        assert not finding.provisional
        assert finding.earliest == at(date(2027, 1, 8), 9, 30)


class TestTheHourOfTheOpening:
    @pytest.mark.parametrize(
        ("hour", "minute", "ok"),
        [(8, 29, False), (8, 30, True), (11, 17, True), (17, 0, True), (17, 1, False)],
    )
    def test_lies_in_the_working_day(self, hour, minute, ok):
        told = plan(deadline_at=at(date(2026, 11, 24), hour, minute))
        assert found(told, "BOOKABLE").ok is ok

    @pytest.mark.parametrize(
        ("day", "ok"),
        # A Friday; a Saturday of the winter service; a Sunday; a holiday; a Sunday worked.
        [
            (date(2026, 11, 27), True),
            (date(2026, 11, 28), True),
            (date(2026, 11, 29), False),
            (date(2026, 10, 1), False),
            (date(2026, 9, 20), True),
        ],
    )
    def test_lies_on_a_day_on_which_the_centre_is_open(self, day, ok):
        begun = at(date(2026, 9, 1), 9)
        told = plan(published_at=begun, documents_issued_at=begun, deadline_at=at(day, 10))
        assert found(told, "BOOKABLE").ok is ok

    def test_is_offered_anew_where_it_does_not(self):
        told = plan(deadline_at=at(date(2026, 11, 29), 10))
        assert found(told, "BOOKABLE").earliest == at(date(2026, 11, 30), 9)

    def test_is_provisional_in_a_year_without_a_calendar(self):
        told = plan(deadline_at=at(date(2027, 3, 1), 9))
        assert found(told, "BOOKABLE").provisional
        calendar = PUBLISHED.with_year(2027, read_year(2027, off="0301", worked=""))
        finding = found(told, "BOOKABLE", calendar=calendar)
        assert (finding.ok, finding.provisional) == (False, False)
        assert finding.earliest == at(date(2027, 3, 2), 9)


class TestTheNextCustomaryHour:
    @pytest.mark.parametrize(
        ("asked", "offered"),
        [
            ((23, 0, 0), (23, 9, 0)),
            ((23, 9, 0), (23, 9, 0)),
            ((23, 9, 1), (23, 9, 30)),
            ((23, 10, 1), (23, 13, 30)),
            ((23, 14, 0), (23, 14, 0)),
            ((23, 14, 1), (24, 9, 0)),
            # Saturday the 28th is served in winter, Sunday is not.
            ((27, 15, 0), (28, 9, 0)),
            ((28, 15, 0), (30, 9, 0)),
        ],
    )
    def test_is_the_first_at_or_after_the_instant(self, asked, offered):
        day, hour, minute = offered
        moment = at(date(2026, 11, asked[0]), asked[1], asked[2])
        assert next_slot(moment) == at(date(2026, 11, day), hour, minute)

    def test_follows_the_calendar_given(self):
        calendar = PUBLISHED.with_year(2027, read_year(2027, off="0301-0302", worked=""))
        moment = at(date(2027, 3, 1), 8)
        assert next_slot(moment) == at(date(2027, 3, 1), 9)
        assert next_slot(moment, calendar=calendar) == at(date(2027, 3, 3), 9)
        late = at(date(2027, 2, 26), 15)
        later = PUBLISHED.with_year(2027, read_year(2027, off="0227-0301", worked=""))
        assert next_slot(late, calendar=later) == at(date(2027, 3, 2), 9)

    @given(MOMENTS)
    def test_is_bookable_and_not_before_the_instant(self, moment):
        slot = next_slot(moment)
        assert slot >= moment
        assert local(slot).time() in SLOTS
        assert open_for_business(local_day(slot))

    @given(
        MOMENTS,
        st.timedeltas(timedelta(0), timedelta(days=20)),
    )
    def test_never_moves_forward_by_asking_earlier(self, moment, more):
        assert next_slot(moment) <= next_slot(moment + more)


class TestAnAmendment:
    def amended(self, deadline_at, *, track="T", procedure="open_tender", **more):
        return check_amendment(
            track=track,
            procedure=procedure,
            amended_at=at(date(2026, 12, 8), 10),
            deadline_at=deadline_at,
            **more,
        )

    def test_leaves_fifteen_days_to_the_instant(self):
        # Fixture T-15d: amended 12-08 at 10:00, so the deadline is 12-23 at 10:00 or later.
        assert self.amended(at(date(2026, 12, 20), 9, 30)) == Finding(
            code="AMENDMENT",
            ok=False,
            article=TBL_23,
            days=15,
            found=11,
            earliest=at(date(2026, 12, 23), 10),
        )
        assert not self.amended(at(date(2026, 12, 23), 9, 59)).ok
        assert self.amended(at(date(2026, 12, 23), 10)).ok

    def test_is_judged_by_the_articles_of_its_track(self):
        assert self.amended(at(date(2026, 12, 23), 10), track="G").article == GPR_31
        five = self.amended(at(date(2026, 12, 14), 9), track="G", procedure="consultation")
        assert (five.ok, five.days) == (True, 5)

    def test_in_working_days_follows_the_calendar(self):
        asked = {"track": "G", "procedure": "negotiation"}
        # Three working days from Tuesday 12-08: Friday 12-11.
        assert not self.amended(at(date(2026, 12, 11), 9), **asked).ok
        assert self.amended(at(date(2026, 12, 11), 10), **asked).ok
        year = PUBLISHED.years[2026]
        calendar = PUBLISHED.with_year(
            2026, replace(year, holidays=year.holidays | {date(2026, 12, 10)})
        )
        finding = self.amended(at(date(2026, 12, 11), 10), calendar=calendar, **asked)
        assert (finding.ok, finding.earliest) == (False, at(date(2026, 12, 14), 10))

    def test_is_free_where_no_law_speaks(self):
        finding = self.amended(at(date(2026, 12, 8), 10), track="A")
        assert (finding.ok, finding.article, finding.days) == (True, "", None)

    def test_offers_an_hour_of_the_calendar_given(self):
        calendar = PUBLISHED.with_year(
            2026,
            replace(
                PUBLISHED.years[2026],
                holidays=PUBLISHED.years[2026].holidays | {date(2026, 12, 23)},
            ),
        )
        finding = self.amended(at(date(2026, 12, 20), 9), calendar=calendar)
        assert finding.earliest == at(date(2026, 12, 24), 9)

    def test_says_when_a_calendar_still_to_come_decides(self):
        told = check_amendment(
            track="G",
            procedure="negotiation",
            amended_at=at(date(2026, 12, 29), 10),
            deadline_at=at(date(2027, 1, 11), 10),
        )
        assert told.provisional
        assert not self.amended(at(date(2026, 12, 23), 10)).provisional


def test_customary_hours_are_those_of_the_centre():
    assert [time(9), time(9, 30), time(10), time(13, 30), time(14)] == list(SLOTS)
