"""The Saturday rule at the level of a centre: the whole table of the domain handbook §16.1."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.verdicts import Refusal
from core.workdays import Service
from tests import people
from venues import selectors, services

pytestmark = pytest.mark.django_db

#: day, what it is to the centre
TABLE = [
    ("2019-07-06", Service.SATURDAY),  # first Saturday of the summer window
    ("2019-08-31", Service.SATURDAY),  # the last
    ("2019-09-07", Service.CLOSED),
    ("2018-09-01", Service.SATURDAY),  # the end is inclusive
    ("2023-07-01", Service.SATURDAY),  # the start is inclusive
    ("2025-11-15", Service.SATURDAY),
    ("2026-01-10", Service.SATURDAY),
    ("2019-11-16", Service.SATURDAY),  # the winter window crosses the year
    ("2020-01-04", Service.SATURDAY),
    ("2022-01-01", Service.CLOSED),  # New Year's Day by law
    ("2021-01-02", Service.CLOSED),  # arranged rest
    ("2026-01-03", Service.CLOSED),
    ("2022-12-31", Service.CLOSED),
    ("2023-12-30", Service.SATURDAY),  # an ordinary weekend day by the notice
    ("2019-10-12", Service.WORKING_DAY),  # worked in exchange
    ("2026-02-14", Service.WORKING_DAY),
    ("2026-02-28", Service.WORKING_DAY),
    ("2026-05-09", Service.WORKING_DAY),
    ("2026-10-10", Service.WORKING_DAY),
    ("2026-02-07", Service.CLOSED),  # outside the windows
    ("2026-01-04", Service.WORKING_DAY),  # a Sunday worked in exchange
    ("2026-09-20", Service.WORKING_DAY),
    ("2026-11-22", Service.CLOSED),  # a Sunday
    ("2026-11-23", Service.WORKING_DAY),
    ("2026-10-01", Service.CLOSED),  # a holiday on a Thursday
]


def day_of(text, *, centre=None):
    return selectors.day_at(centre=centre or people.centre(), day=date.fromisoformat(text))


def approve(text, clock, *, centre=None):
    return services.approve_emergency(
        centre=centre or people.centre(),
        day=date.fromisoformat(text),
        number="苏资管〔2026〕3号",
        actor=str(people.yang().id),
        now=clock.now(),
    )


class TestTheTable:
    @pytest.mark.parametrize(("text", "service"), TABLE)
    def test_says_what_each_day_is(self, text, service):
        found = day_of(text)
        assert found.service is service
        assert selectors.bookable(found.day, centre=people.centre()) is (
            service is not Service.CLOSED
        )

    @pytest.mark.parametrize(
        ("text", "open_"),
        [("2021-01-02", True), ("2026-01-03", True), ("2022-01-01", False), ("2026-02-07", False)],
    )
    def test_under_strict_law_only_days_of_the_law_close_a_saturday(self, settings, text, open_):
        settings.STRICT_LAW_HOLIDAYS = True
        assert day_of(text).is_open is open_


class TestAnEmergencyApproval:
    @pytest.mark.parametrize("text", ["2026-02-07", "2022-01-01", "2026-01-03"])
    def test_opens_a_saturday_a_holiday_too(self, clock, text):
        approve(text, clock)
        assert day_of(text).service is Service.EMERGENCY

    def test_does_not_open_a_sunday(self, clock):
        approve("2026-11-22", clock)
        assert not day_of("2026-11-22").is_open

    def test_holds_for_its_own_centre_only(self, clock):
        approve("2026-02-07", clock)
        assert not day_of("2026-02-07", centre=people.centre(people.WENZHOU)).is_open

    def test_is_recorded_once(self, clock):
        assert approve("2026-02-07", clock).pk == approve("2026-02-07", clock).pk


class TestAClosure:
    def test_goes_before_working_day_and_approval(self, clock):
        approve("2026-02-07", clock)
        for text in ("2026-02-07", "2026-11-24"):
            services.close_day(
                centre=people.centre(),
                day=date.fromisoformat(text),
                reason="系统升级",
                actor=str(people.yang().id),
                now=clock.now(),
            )
            assert not day_of(text).is_open
        assert day_of("2026-11-25").is_open


class TestAYearNotYetPublished:
    def test_is_provisional_by_weekends(self):
        found = day_of("2027-02-08")  # in Spring Festival, but nobody has said so yet
        assert (found.service, found.provisional) == (Service.WORKING_DAY, True)

    def test_makes_the_last_days_of_december_provisional(self):
        assert day_of("2026-12-31").provisional
        assert not day_of("2026-12-24").provisional

    def test_is_settled_by_loading_it(self, clock):
        people.centre()
        services.arrange_year(
            year=2027,
            off="0101-0103 0205-0211",
            worked="0213",
            source="国办发明电〔2026〕7号",
            actor=str(people.admin().id),
            now=clock.now(),
        )
        spring = day_of("2027-02-08")
        assert (spring.service, spring.provisional) == (Service.CLOSED, False)
        assert day_of("2027-02-13").service is Service.WORKING_DAY
        assert not day_of("2026-12-31").provisional

    @pytest.mark.parametrize(
        ("off", "worked"),
        [("0230", ""), ("x", ""), ("0101", "0101"), ("0101", "0104")],  # 0104 is a Monday
    )
    def test_is_not_loaded_with_mistakes(self, clock, off, worked):
        people.centre()
        with pytest.raises(Refusal) as refused:
            services.arrange_year(
                year=2027, off=off, worked=worked, source="x", actor="system:test", now=clock.now()
            )
        assert refused.value.reason.code == "V-014"


class TestASpan:
    def test_counts_both_ends(self):
        monday = date(2026, 11, 23)
        found = selectors.days(centre=people.centre(), first=monday, last=monday + timedelta(6))
        assert [item.is_open for item in found] == [True] * 6 + [False]
