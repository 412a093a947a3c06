from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from chinese_calendar import constants, get_solar_terms
from hypothesis import given
from hypothesis import strategies as st

from core import workdays
from core.workdays import PUBLISHED, Kind, Service, read_year
from core.zone import at

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
DAYS = st.dates(FIRST, LAST)

# Where our table says more, or otherwise, than the package; each by the year's notice.
CORRECTED = {
    date(2011, 6, 5): Kind.HOLIDAY,  # the Sunday inside the Dragon Boat holiday of 4 to 6 June
    date(2012, 6, 23): Kind.HOLIDAY,  # Dragon Boat itself, a Saturday
    date(2023, 12, 30): Kind.REST,  # an ordinary weekend before New Year's Day
    date(2023, 12, 31): Kind.REST,
}


def every_day():
    for number in range((LAST - FIRST).days + 1):
        yield FIRST + timedelta(days=number)


class TestTheTable:
    def test_agrees_day_by_day_with_the_package(self):
        wrong = [
            day
            for day in every_day()
            if workdays.is_working_day(day) != chinese_calendar.is_workday(day)
        ]
        assert wrong == []

    def test_names_the_same_holidays_but_for_the_corrections(self):
        for day in every_day():
            theirs = day in constants.holidays
            ours = workdays.kind(day) is Kind.HOLIDAY
            assert ours == (CORRECTED[day] is Kind.HOLIDAY if day in CORRECTED else theirs), day

    def test_works_the_days_given_in_exchange(self):
        made_up = {day for day in every_day() if workdays.kind(day) is Kind.MAKEUP}
        assert made_up == set(constants.workdays)

    def test_knows_qingming_from_the_sun(self):
        for year in range(2008, 2027):
            terms = dict(get_solar_terms(date(year, 4, 1), date(year, 4, 10)))
            (qingming,) = (day for day, name in terms.items() if "清明" in name)
            assert workdays.is_law_holiday(qingming)

    def test_counts_the_days_of_the_law(self):
        assert {year: len(workdays.law_holidays(year)) for year in (2007, 2008, 2024, 2025)} == {
            2007: 10,
            2008: 11,
            2024: 11,
            2025: 13,
        }
        # Mid-Autumn met National Day in 2020: eleven days fell on ten dates.
        assert len(workdays.law_holidays(2020)) == 10

    def test_puts_every_day_of_the_law_into_the_arrangement(self):
        for year in PUBLISHED.years:
            for day in workdays.law_holidays(year):
                # Some feasts fell on a weekend and were given back on a weekday.
                assert workdays.kind(day) in {Kind.HOLIDAY, Kind.REST}, day

    def test_refuses_a_line_that_contradicts_itself(self):
        with pytest.raises(ValueError, match="both"):
            read_year(2027, off="0101-0103", worked="0102")
        with pytest.raises(ValueError, match="worked anyway"):
            read_year(2027, off="0101-0103", worked="0104")


class TestAnUnpublishedYear:
    def test_counts_weekends_only_and_says_so(self):
        assert workdays.kind(date(2027, 2, 8)) is Kind.WORK
        assert workdays.kind(date(2027, 2, 7)) is Kind.REST
        assert workdays.is_provisional(date(2027, 2, 8))
        assert not workdays.is_provisional(date(2026, 10, 1))

    def test_leaves_the_last_days_before_it_open(self):
        assert not workdays.is_provisional(date(2026, 12, 24))
        assert workdays.is_provisional(date(2026, 12, 31))
        assert not workdays.is_provisional(date(2025, 12, 31))

    def test_is_settled_by_its_line(self):
        line = read_year(2027, off="0101-0103 0205-0211", worked="0130")
        known = PUBLISHED.with_year(2027, line)
        assert known.kind(date(2027, 2, 8)) is Kind.HOLIDAY
        assert known.is_working_day(date(2027, 1, 30))
        assert not known.is_provisional(date(2026, 12, 31))
        assert workdays.kind(date(2027, 2, 8)) is Kind.WORK

    def test_still_keeps_the_fixed_days_of_the_law(self):
        assert workdays.is_holiday(date(2028, 1, 1))
        assert not workdays.open_for_business(date(2028, 1, 1))


class TestWorkingDays:
    def test_skip_holidays_and_count_days_worked_in_exchange(self):
        # Spring Festival 2026: off 15 to 23 February, worked on the Saturdays 14 and 28.
        assert workdays.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 14)
        assert workdays.add_working_days(date(2026, 2, 14), 1) == date(2026, 2, 24)
        assert workdays.working_days_between(date(2026, 2, 13), date(2026, 2, 28)) == 6

    def test_run_backwards_too(self):
        assert workdays.add_working_days(date(2026, 2, 24), -1) == date(2026, 2, 14)
        assert workdays.working_days_between(date(2026, 2, 24), date(2026, 2, 14)) == -1
        assert workdays.add_working_days(date(2026, 2, 15), 0) == date(2026, 2, 15)

    def test_give_the_challenge_window_of_the_handbook(self):
        notice_ends = workdays.add_working_days(date(2026, 11, 23), 1)
        assert notice_ends == date(2026, 11, 24)
        assert workdays.add_working_days(notice_ends, 1) == date(2026, 11, 25)
        assert workdays.add_working_days(notice_ends, 7) == date(2026, 12, 3)

    @given(DAYS, st.integers(1, 60))
    def test_added_are_the_days_between(self, day, count):
        end = workdays.add_working_days(day, count)
        assert workdays.is_working_day(end)
        assert workdays.working_days_between(day, end) == count

    @given(DAYS, DAYS, DAYS)
    def test_between_add_up(self, a, b, c):
        between = workdays.working_days_between
        assert between(a, b) + between(b, c) == between(a, c) or not a <= b <= c


class TestPeriods:
    def test_leave_out_the_starting_day(self):
        issued = date(2026, 11, 2)
        assert workdays.enough_days(start=issued, end=date(2026, 11, 22), days=20)
        assert not workdays.enough_days(start=issued, end=date(2026, 11, 21), days=20)
        assert workdays.earliest_end(issued, 20) == date(2026, 11, 22)
        assert workdays.first_open_day(date(2026, 11, 22)) == date(2026, 11, 23)

    def test_move_their_last_day_over_a_rest(self):
        # Three days from Wednesday 30 September end in the National Day holiday.
        end = workdays.period_end(date(2026, 9, 30), 3)
        assert end == workdays.Reckoned(day=date(2026, 10, 8), provisional=False)
        assert workdays.period_end(date(2026, 11, 23), 3).day == date(2026, 11, 26)

    def test_say_when_they_rest_on_an_unpublished_year(self):
        assert workdays.period_end(date(2026, 12, 20), 30).provisional
        assert workdays.working_period_end(date(2026, 12, 21), 7).provisional
        assert not workdays.working_period_end(date(2026, 11, 23), 7).provisional

    def test_end_at_midnight_in_suzhou(self):
        assert workdays.ends_at(date(2026, 11, 24)) == datetime(2026, 11, 24, 16, tzinfo=UTC)

    def test_count_backwards_by_the_instant(self):
        deadline = at(date(2026, 12, 21), 9, 30)
        boundary = at(date(2026, 12, 6), 9, 30)
        assert workdays.enough_before(act_at=boundary, deadline_at=deadline, days=15)
        late = boundary + timedelta(microseconds=1)
        assert not workdays.enough_before(act_at=late, deadline_at=deadline, days=15)

    def test_move_the_deadline_after_a_late_addendum(self):
        addendum = at(date(2026, 12, 8), 10)
        assert not workdays.enough_before(
            act_at=addendum, deadline_at=at(date(2026, 12, 20), 9, 30), days=15
        )
        assert workdays.earliest_deadline(addendum, 15) == at(date(2026, 12, 23), 10)

    def test_in_working_days_do_not_see_the_saturday_service(self):
        friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
        assert workdays.open_for_business(saturday)
        assert not workdays.enough_working_days(start=friday, end=saturday, days=1)
        assert workdays.enough_working_days(start=friday, end=date(2026, 11, 30), days=1)


SATURDAYS = [
    ("2019-07-06", Service.SATURDAY),
    ("2019-08-31", Service.SATURDAY),
    ("2019-09-07", Service.CLOSED),
    ("2018-09-01", Service.SATURDAY),
    ("2023-07-01", Service.SATURDAY),
    ("2025-11-15", Service.SATURDAY),
    ("2026-01-10", Service.SATURDAY),
    ("2019-11-16", Service.SATURDAY),
    ("2020-01-04", Service.SATURDAY),
    ("2022-01-01", Service.CLOSED),
    ("2021-01-02", Service.CLOSED),
    ("2026-01-03", Service.CLOSED),
    ("2022-12-31", Service.CLOSED),
    ("2023-12-30", Service.SATURDAY),
    ("2019-10-12", Service.WORKING_DAY),
    ("2026-02-14", Service.WORKING_DAY),
    ("2026-02-28", Service.WORKING_DAY),
    ("2026-05-09", Service.WORKING_DAY),
    ("2026-10-10", Service.WORKING_DAY),
    ("2026-02-07", Service.CLOSED),
    ("2018-06-30", Service.CLOSED),
    ("2019-11-09", Service.CLOSED),
    ("2020-01-11", Service.CLOSED),
]


class TestTheCentre:
    @pytest.mark.parametrize(("day", "service"), SATURDAYS)
    def test_serves_on_saturdays_by_the_rule(self, day, service):
        when = date.fromisoformat(day)
        assert when.weekday() == 5
        assert workdays.service_on(when) is service
        assert workdays.open_for_business(when) is (service is not Service.CLOSED)

    @pytest.mark.parametrize("day", [date(2021, 1, 2), date(2026, 1, 3), date(2022, 12, 31)])
    def test_opens_on_arranged_rest_when_only_the_law_counts(self, day):
        assert workdays.open_for_business(day, strict_law_holidays=True)
        assert not workdays.open_for_business(day)

    def test_stays_shut_on_new_years_day_either_way(self):
        assert not workdays.open_for_business(date(2022, 1, 1), strict_law_holidays=True)

    @pytest.mark.parametrize("day", [date(2026, 2, 7), date(2022, 1, 1)])
    def test_opens_any_saturday_with_an_emergency_approval(self, day):
        assert workdays.service_on(day, emergency_approval="应急〔2026〕1号") is Service.EMERGENCY
        assert not workdays.open_for_business(day, emergency_approval="")

    @pytest.mark.parametrize("day", [date(2026, 1, 4), date(2026, 9, 20)])
    def test_works_the_sundays_given_in_exchange(self, day):
        assert day.weekday() == 6
        assert workdays.service_on(day) is Service.WORKING_DAY

    def test_rests_on_every_other_sunday_whoever_approves(self):
        sunday = date(2026, 11, 22)
        assert not workdays.open_for_business(sunday)
        assert not workdays.open_for_business(sunday, emergency_approval="应急〔2026〕1号")

    def test_rests_on_a_weekday_holiday(self):
        assert not workdays.open_for_business(date(2026, 10, 1))
        assert workdays.open_for_business(date(2026, 11, 23))
