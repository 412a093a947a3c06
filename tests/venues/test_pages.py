"""The pages of rooms and days: who sees what, who may do what, and what they never tell."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import Role
from core.workdays import Service
from core.zone import SHANGHAI
from tests import people
from venues import selectors, services
from venues.models import ArrangedYear, Booking, Room

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
KEEPERS = {Role.CENTRE_OPENING, Role.CENTRE_EVALUATION}
OPEN_TO = {
    "/desk/booking": KEEPERS | {Role.TENDERER, Role.AGENCY},
    "/desk/booking/hold": KEEPERS,
    "/desk/booking/emergency": KEEPERS,
    "/desk/booking/closure": KEEPERS,
    "/admin/rooms": {Role.ADMIN},
    "/admin/calendar": {Role.ADMIN},
}
START = datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI)


@pytest.fixture
def hall():
    return Room.objects.create(centre=people.centre(), kind="OPENING", name="开标室1", seats=20)


@pytest.fixture
def opening(hall, clock):
    return services.book(
        centre=people.centre(),
        kind="OPENING",
        room_id=hall.pk,
        reference=uuid4(),
        purpose="opening",
        starts_at=START,
        ends_at=START + timedelta(hours=2),
        actor=str(people.zhao().id),
        now=clock.now(),
    )


def as_(person):
    return people.sign_in(Client(), person)


def post(client, address, **fields):
    return client.post(address, {"command_id": str(uuid4())} | fields, headers=JSON)


def code_of(answer):
    return answer.json()["error"]["code"]


class TestTheMatrix:
    @pytest.mark.parametrize("address", OPEN_TO)
    def test_lets_in_exactly_those_named(self, address):
        came_in = {
            str(role)
            for role, person in people.everyone().items()
            if as_(person).get(address).status_code == 200
        }
        assert came_in == {str(role) for role in OPEN_TO[address]}
        assert Client().get(address).status_code == 302


class TestTheWeek:
    def test_tells_a_program_days_and_free_starts(self, opening, clock):
        answer = as_(people.zhao()).get("/desk/booking?day=2026-11-24", headers=JSON).json()
        days = {item["day"]: item for item in answer["days"]}
        assert len(days) == 7
        assert days["2026-11-28"]["service"] == "SATURDAY"
        assert days["2026-11-29"] == {
            "day": "2026-11-29",
            "service": "CLOSED",
            "provisional": False,
            "slots": [],
        }
        free = [slot["starts_at"][11:16] for slot in days["2026-11-24"]["slots"]]
        assert free == ["13:30", "14:00"]

    def test_offers_no_start_that_has_passed(self, hall, clock):
        answer = as_(people.zhao()).get("/desk/booking", headers=JSON).json()
        assert answer["days"][0] == {  # today, 14:00
            "day": "2026-11-23",
            "service": "WORKING_DAY",
            "provisional": False,
            "slots": [],
        }

    def test_tells_staff_what_a_room_is_for_and_nobody_which_tender(self, opening, clock):
        staff = as_(people.yang()).get("/desk/booking").content.decode()
        tenderer = as_(people.zhao()).get("/desk/booking").content.decode()
        assert "随项目变更" in staff
        assert "本周预约" not in tenderer
        for page in (staff, tenderer):
            assert str(opening.reference) not in page

    def test_of_another_centre_shows_its_staff_no_bookings(self, opening, clock):
        member = people.member(
            people.person("ou", "欧阳"), Role.CENTRE_OPENING, of=people.centre(people.WENZHOU)
        )
        assert "本周预约" not in as_(member).get("/desk/booking").content.decode()

    def test_that_is_provisional_says_so(self, clock):
        page = as_(people.yang()).get("/desk/booking?day=2027-02-08").content.decode()
        assert "节假日安排尚未公布" in page

    @pytest.mark.parametrize(
        "query", ["day=never", "day=9999-12-31", "day=0001-01-01", "kind=CASTLE", "centre=000000"]
    )
    def test_survives_any_question(self, clock, query):
        answer = as_(people.yang()).get(f"/desk/booking?{query}")
        assert answer.status_code == (404 if "centre" in query else 200)


class TestAHold:
    def hold(self, who, hall, start="2026-11-24T09:30"):
        return post(as_(who), "/desk/booking/hold", room=hall.pk, starts_at=start, minutes=90)

    def test_keeps_the_room_at_suzhou_time(self, hall, clock):
        made = selectors.booking(self.hold(people.jiang(), hall).json()["booking"])
        assert (made.starts_at, made.purpose) == (START, "hold")
        assert made.ends_at == START + timedelta(minutes=90)

    def test_against_another_booking_is_refused(self, opening, hall):
        assert code_of(self.hold(people.jiang(), hall)) == "V-011"

    def test_of_another_centres_room_is_refused(self, hall, clock):
        other = Room.objects.create(centre=people.centre(people.WENZHOU), kind="OPENING", name="甲")
        answer = self.hold(people.jiang(), other)
        assert set(answer.json()["error"]["fields"]) == {"room"}

    def test_is_given_back_by_staff(self, hall, clock):
        held = self.hold(people.jiang(), hall).json()["booking"]
        assert post(as_(people.yang()), f"/desk/booking/{held}/release").status_code == 200
        assert selectors.booking(held) is None

    def test_is_not_given_back_by_another_centres_staff(self, hall, clock):
        held = self.hold(people.jiang(), hall).json()["booking"]
        other = people.member(
            people.person("ou", "欧阳"), Role.CENTRE_OPENING, of=people.centre(people.WENZHOU)
        )
        assert code_of(post(as_(other), f"/desk/booking/{held}/release")) == "V-016"
        assert selectors.booking(held) is not None

    def test_is_all_that_can_be_given_back_here(self, opening):
        answer = post(as_(people.yang()), f"/desk/booking/{opening.pk}/release")
        assert (answer.status_code, code_of(answer)) == (409, "V-015")
        assert Booking.objects.get().released_at is None


class TestDecisionsAboutDays:
    def test_emergency_is_recorded_with_its_number(self, clock):
        fields = {"centre": people.SUZHOU, "day": "2026-02-07", "number": "苏资管〔2026〕3号"}
        assert post(as_(people.yang()), "/desk/booking/emergency", **fields).status_code == 200
        day = selectors.day_at(centre=people.centre(), day=date(2026, 2, 7))
        assert day.service is Service.EMERGENCY

    @pytest.mark.parametrize("address", ["emergency", "closure"])
    def test_of_another_centre_are_refused(self, clock, address):
        people.centre(people.WENZHOU)
        fields = {"centre": people.WENZHOU, "day": "2026-02-07", "number": "1", "reason": "x"}
        answer = post(as_(people.yang()), f"/desk/booking/{address}", **fields)
        assert set(answer.json()["error"]["fields"]) == {"centre"}

    def test_closure_shows_its_reason(self, clock):
        fields = {"centre": people.SUZHOU, "day": "2026-11-25", "reason": "系统升级"}
        post(as_(people.yang()), "/desk/booking/closure", **fields)
        page = as_(people.zhao()).get("/desk/booking").content.decode()
        assert "停止受理：系统升级" in page


class TestTheAdministrator:
    def add(self, **changes):
        fields = {"centre": people.SUZHOU, "name": "开标室9", "kind": "OPENING", "seats": 30}
        return post(as_(people.admin()), "/admin/rooms", **(fields | changes))

    def test_adds_a_room_that_can_be_booked(self, clock):
        assert self.add().status_code == 200
        assert selectors.next_bookable(START, centre=people.centre()) == START

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"kind": "REMOTE"}, "has_codec"),
            ({"kind": "CASTLE"}, "kind"),
            ({"centre": people.WENZHOU}, "centre"),
            ({"seats": -1}, "seats"),
        ],
    )
    def test_adds_no_impossible_room(self, changes, field):
        people.centre(people.WENZHOU)
        assert set(self.add(**changes).json()["error"]["fields"]) == {field}
        assert not Room.objects.exists()

    def test_adds_no_second_room_of_a_name(self):
        self.add()
        assert set(self.add().json()["error"]["fields"]) == {"name"}

    def test_loads_a_year(self, clock):
        fields = {"year": 2027, "off": "0101-0103", "worked": "", "source": "国办发明电〔2026〕7号"}
        answer = post(as_(people.admin()), "/admin/calendar", **fields)
        assert answer.status_code == 200
        assert ArrangedYear.objects.get().year == 2027

    def test_is_told_what_is_wrong_with_a_year(self, clock):
        answer = post(as_(people.admin()), "/admin/calendar", year=2027, off="0230", source="国办")
        assert (answer.status_code, code_of(answer)) == (422, "V-014")
