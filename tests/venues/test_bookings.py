"""Bookings: never two in one room, buffer included, whoever comes at the same time."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from audit.models import Event
from core.verdicts import Refusal
from core.zone import SHANGHAI
from tests import people
from venues import selectors, services
from venues.models import Booking, Room

pytestmark = pytest.mark.django_db
TWO_HOURS = timedelta(hours=2)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def room(name="开标室1", *, kind="OPENING", seats=20, **facts):
    return Room.objects.create(centre=people.centre(), kind=kind, name=name, seats=seats, **facts)


def book(clock, start, *, length=TWO_HOURS, chosen=None, kind="OPENING", seats=0):
    return services.book(
        centre=people.centre(),
        kind=kind,
        room_id=chosen.pk if chosen else None,
        reference=uuid4(),
        purpose="opening",
        starts_at=at(start),
        ends_at=at(start) + length,
        seats=seats,
        actor=str(people.zhao().id),
        now=clock.now(),
    )


def move(clock, booking, start):
    return services.move(
        booking_id=booking.pk, starts_at=at(start), actor=str(people.zhao().id), now=clock.now()
    )


def refused(code, act, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    assert caught.value.reason.code == code


class TestBooking:
    def test_takes_a_free_room_and_is_recorded(self, clock):
        one = room()
        made = book(clock, "2026-11-24 09:30")
        assert made.room == one
        event = Event.objects.get(stream=f"room/{one.pk}")
        assert event.name == "venue.booked"
        assert set(event.body) == {"booking", "purpose", "starts_at", "ends_at"}

    @pytest.mark.parametrize(
        ("start", "free"),
        [
            ("2026-11-24 07:15", True),  # ends 9:15, a quarter of an hour before
            ("2026-11-24 07:16", False),
            ("2026-11-24 09:30", False),
            ("2026-11-24 11:44", False),
            ("2026-11-24 11:45", True),
        ],
    )
    def test_keeps_a_quarter_of_an_hour_between_two(self, clock, start, free):
        room()
        book(clock, "2026-11-24 09:30")
        if free:
            assert book(clock, start).pk
        else:
            refused("V-011", book, clock, start)

    def test_takes_another_room_at_the_same_time(self, clock):
        rooms = {room("甲"), room("乙")}
        made = {book(clock, "2026-11-24 09:30").room for _ in rooms}
        assert made == rooms
        refused("V-011", book, clock, "2026-11-24 09:30")

    def test_of_a_chosen_room_does_not_fall_back_on_another(self, clock):
        one = room("甲")
        room("乙")
        book(clock, "2026-11-24 09:30", chosen=one)
        refused("V-011", book, clock, "2026-11-24 09:30", chosen=one)

    def test_asks_for_seats(self, clock):
        room("小", seats=5)
        refused("V-011", book, clock, "2026-11-24 09:30", seats=7)
        large = room("大", seats=7)
        assert book(clock, "2026-11-24 09:30", seats=7).room == large

    def test_keeps_kinds_apart(self, clock):
        room(kind="EVALUATION")
        refused("V-011", book, clock, "2026-11-24 09:30")

    def test_passes_by_a_room_out_of_use(self, clock):
        room(in_use=False)
        refused("V-011", book, clock, "2026-11-24 09:30")

    @pytest.mark.parametrize(
        ("start", "code"),
        [
            ("2026-11-29 09:30", "V-010"),  # a Sunday
            ("2026-11-28 09:30", None),  # a Saturday of the winter window
            ("2026-11-23 14:00", "V-012"),  # now
            ("2026-11-23 14:01", None),
        ],
    )
    def test_is_for_open_days_to_come(self, clock, start, code):
        room()
        if code is None:
            assert book(clock, start).pk
        else:
            refused(code, book, clock, start)

    def test_on_a_day_the_centre_is_shut_says_why(self, clock):
        room()
        day = at("2026-11-24 00:00").date()
        services.close_day(
            centre=people.centre(), day=day, reason="系统升级", actor="system:x", now=clock.now()
        )
        refused("V-013", book, clock, "2026-11-24 09:30")


class TestMoving:
    def test_keeps_room_and_length(self, clock):
        made = book_in_own_room(clock)
        moved = move(clock, made, "2026-11-25 10:00")
        assert (moved.room, moved.ends_at) == (made.room, at("2026-11-25 12:00"))
        assert selectors.booking(made.pk).starts_at == at("2026-11-25 10:00")

    def test_by_half_an_hour_is_not_stopped_by_itself(self, clock):
        made = book_in_own_room(clock)
        assert move(clock, made, "2026-11-24 10:00").starts_at == at("2026-11-24 10:00")

    def test_goes_to_another_room_when_its_own_is_taken_and_both_rooms_say_so(self, clock):
        one, two = room("甲"), room("乙")
        made = book(clock, "2026-11-24 09:30", chosen=one)
        book(clock, "2026-11-25 09:30", chosen=one)
        assert move(clock, made, "2026-11-25 09:30").room == two
        moved = Event.objects.filter(name="venue.moved").values_list("stream", flat=True)
        assert set(moved) == {f"room/{one.pk}", f"room/{two.pk}"}

    def test_does_not_go_to_a_smaller_room(self, clock):
        one = room("大", seats=20)
        room("小", seats=5)
        made = book(clock, "2026-11-24 09:30", chosen=one)
        book(clock, "2026-11-25 09:30", chosen=one)
        refused("V-011", move, clock, made, "2026-11-25 09:30")

    @pytest.mark.parametrize(
        ("start", "code"), [("2026-11-29 09:30", "V-010"), ("2026-11-23 09:30", "V-012")]
    )
    def test_refused_leaves_the_old_booking(self, clock, start, code):
        made = book_in_own_room(clock)
        refused(code, move, clock, made, start)
        assert selectors.booking(made.pk).starts_at == at("2026-11-24 09:30")

    def test_falls_with_the_transaction_of_the_deadline(self, clock):
        made = book_in_own_room(clock)

        def amend():
            with transaction.atomic():
                move(clock, made, "2026-11-25 09:30")
                raise ZeroDivisionError  # the amendment fails after the room was moved

        with pytest.raises(ZeroDivisionError):
            amend()
        assert selectors.booking(made.pk).starts_at == at("2026-11-24 09:30")


class TestReleasing:
    def test_frees_the_room(self, clock):
        made = book_in_own_room(clock)
        for _ in range(2):
            services.release(booking_id=made.pk, actor="system:x", now=clock.now())
        assert selectors.booking(made.pk) is None
        assert book(clock, "2026-11-24 09:30").room == made.room
        assert Event.objects.filter(name="venue.released").count() == 1


class TestTheTable:
    """The constraint itself, with the services out of the way."""

    def put(self, where, start, *, length=TWO_HOURS, buffer=15, released=None):
        ends = at(start) + length
        return Booking.objects.create(
            room=where,
            reference=uuid4(),
            purpose="opening",
            starts_at=at(start),
            ends_at=ends,
            busy_until=ends + timedelta(minutes=buffer),
            released_at=released,
        )

    def test_never_holds_two_in_one_room(self):
        one, two = room("甲"), room("乙")
        self.put(one, "2026-11-24 09:30")
        self.put(two, "2026-11-24 09:30")
        with pytest.raises(IntegrityError), transaction.atomic():
            self.put(one, "2026-11-24 11:44")
        self.put(one, "2026-11-24 11:45")

    def test_forgets_what_was_given_back(self, clock):
        one = room()
        self.put(one, "2026-11-24 09:30", released=clock.now())
        self.put(one, "2026-11-24 09:30")

    def test_holds_no_booking_that_ends_before_it_starts(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            self.put(room(), "2026-11-24 09:30", length=-TWO_HOURS)

    def test_holds_no_remote_room_without_its_equipment(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            room(kind="REMOTE")
        assert room("远程", kind="REMOTE", has_codec=True).pk

    @hypothesis_settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(starts=st.lists(st.integers(0, 40), min_size=1, max_size=12))
    def test_agrees_with_the_services_whatever_is_asked(self, clock, starts):
        with transaction.atomic():
            one = room(uuid4().hex)
            for quarter in starts:
                start = at("2026-11-24 08:00") + timedelta(minutes=15 * quarter)
                free = selectors.free_rooms(
                    centre=people.centre(),
                    kind="OPENING",
                    starts_at=start,
                    ends_at=start + TWO_HOURS,
                )
                try:
                    with transaction.atomic():
                        self.put(one, f"{start:%Y-%m-%d %H:%M}")
                    accepted = True
                except IntegrityError:
                    accepted = False
                assert accepted is (one in free)
            transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
class TestARace:
    def test_for_one_room_has_one_winner(self, clock):
        room()
        people.zhao()
        won, lost = [], []

        def run():
            try:
                won.append(book(clock, "2026-11-24 09:30"))
            except Refusal as refusal:
                lost.append(refusal.reason.code)
            finally:
                connection.close()

        runners = [threading.Thread(target=run) for _ in range(8)]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
        assert (len(won), lost) == (1, ["V-011"] * 7)


class TestSlots:
    def test_are_the_usual_starts_of_open_days(self, clock):
        room()
        found = selectors.free_slots(
            centre=people.centre(),
            kind="OPENING",
            first=at("2026-11-28 00:00").date(),  # a Saturday of the service
            last=at("2026-11-30 00:00").date(),
        )
        assert [f"{slot.starts_at:%d %H:%M}" for slot in found] == [
            f"{day} {time}"
            for day in ("28", "30")
            for time in ("09:00", "09:30", "10:00", "13:30", "14:00")
        ]

    def test_disappear_as_rooms_fill(self, clock):
        room("甲"), room("乙")

        def free():
            day = at("2026-11-24 00:00").date()
            found = selectors.free_slots(
                centre=people.centre(), kind="OPENING", first=day, last=day
            )
            return {f"{slot.starts_at:%H:%M}": slot.free for slot in found}

        assert set(free().values()) == {2}
        book(clock, "2026-11-24 09:30")
        assert free() == {"09:00": 1, "09:30": 1, "10:00": 1, "13:30": 2, "14:00": 2}
        book(clock, "2026-11-24 09:30")
        assert free() == {"13:30": 2, "14:00": 2}

    def test_next_is_never_before_the_instant_asked_for(self, clock):
        room()

        def after(text):
            return selectors.next_bookable(at(text), centre=people.centre())

        assert after("2026-12-23 10:00") == at("2026-12-23 10:00")
        assert after("2026-12-23 10:01") == at("2026-12-23 13:30")
        assert after("2026-12-23 14:01") == at("2026-12-24 09:00")
        # Fifteen days from an addendum of 5 December end on a Sunday.
        assert after("2026-12-20 10:00") == at("2026-12-21 09:00")

    def test_next_passes_by_what_is_full(self, clock):
        room()
        book(clock, "2026-11-24 09:30")
        assert selectors.next_bookable(at("2026-11-24 08:00"), centre=people.centre()) == at(
            "2026-11-24 13:30"
        )

    def test_there_is_none_without_a_room(self, clock):
        assert selectors.next_bookable(clock.now(), centre=people.centre()) is None


def book_in_own_room(clock):
    room()
    return book(clock, "2026-11-24 09:30")
