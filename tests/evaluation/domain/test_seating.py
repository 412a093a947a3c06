"""From a drawn order to seats and reserves."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.seating import Placed, PoolTooSmall, Wish, fits, place, reserve

HERE, THERE = "320500", "330300"


def expert(key, specialties, site=HERE):
    return {"expert": key, "specialties": list(specialties), "site": site}


def wish(specialty, count=1, site=HERE):
    return Wish(specialty=specialty, site=site, count=count)


def seated(order, pool, *wanted):
    return [(row.expert, row.specialty) for row in place(order, pool=pool, wanted=wanted)]


def hopeless(order, pool, *wanted):
    with pytest.raises(PoolTooSmall) as short:
        place(order, pool=pool, wanted=wanted)
    return short.value.wish


class TestPlacing:
    def test_follows_the_drawn_order_not_the_pool(self):
        pool = [expert("a", "x"), expert("b", "x"), expert("c", "x")]
        assert seated("cab", pool, wish("x", 2)) == [("c", "x"), ("a", "x")]

    def test_says_on_which_wish_and_at_which_site_each_sits(self):
        pool = [expert("a", "x"), expert("b", "x", THERE)]
        wanted = [wish("x", site=THERE), wish("x")]
        assert place("ab", pool=pool, wanted=wanted) == [
            Placed(expert="b", specialty="x", site=THERE),
            Placed(expert="a", specialty="x", site=HERE),
        ]

    def test_seats_nobody_without_a_wish(self):
        assert seated("a", [expert("a", "x")]) == []
        assert seated("a", [expert("a", "x")], wish("x", 0)) == []

    def test_leaves_one_who_fits_two_wishes_to_the_later_only_where_it_must(self):
        both, early, late = expert("a", "xy"), expert("b", "x"), expert("c", "y")
        assert seated("ab", [both, early], wish("x"), wish("y")) == [("b", "x"), ("a", "y")]
        assert seated("abc", [both, early, late], wish("x"), wish("y")) == [
            ("a", "x"),
            ("c", "y"),
        ]

    def test_moves_several_on_where_one_move_does_not_do(self):
        # z is known by a alone, so y falls to b and x to c, although a and b were drawn before.
        pool = [expert("a", "xyz"), expert("b", "xy"), expert("c", "x")]
        assert seated("abc", pool, wish("x"), wish("y"), wish("z")) == [
            ("c", "x"),
            ("b", "y"),
            ("a", "z"),
        ]

    def test_never_seats_anybody_twice(self):
        assert hopeless("a", [expert("a", "xy")], wish("x"), wish("y")) == wish("y")


class TestAPoolThatIsTooSmall:
    def test_is_told_by_the_first_wish_it_cannot_fill_beside_those_before(self):
        pool = [expert("a", "x"), expert("b", "xy")]
        assert hopeless("ab", pool, wish("x"), wish("y", 2), wish("z")) == wish("y", 2)

    def test_is_told_by_the_first_wish_where_nobody_fits_that(self):
        assert hopeless("a", [expert("a", "y")], wish("x"), wish("y")) == wish("x")

    def test_is_told_by_its_site(self):
        pool = [expert("a", "x"), expert("b", "x")]
        assert hopeless("ab", pool, wish("x"), wish("x", site=THERE)).site == THERE

    def test_says_specialty_and_site(self):
        assert str(PoolTooSmall(wish("x", site=THERE))) == f"x at {THERE}"

    def test_is_told_for_an_empty_one(self):
        assert hopeless("", [], wish("x", 3)) == wish("x", 3)


class TestTheReserve:
    pool = [expert("a", "x"), expert("b", "y"), expert("c", "x"), expert("d", "x", THERE)]

    def test_is_the_next_of_the_order_who_fits(self):
        assert reserve("dbca", pool=self.pool, wish=wish("x"), seen=()) == "c"

    def test_is_nobody_who_had_a_seat_already(self):
        assert reserve("dbca", pool=self.pool, wish=wish("x"), seen={"c"}) == "a"

    def test_runs_out(self):
        assert reserve("dbca", pool=self.pool, wish=wish("x"), seen={"a", "c"}) is None

    def test_is_made_of_those_of_the_site_with_the_specialty(self):
        assert list(fits("dbca", pool=self.pool, wish=wish("x"))) == ["c", "a"]
        assert list(fits("dbca", pool=self.pool, wish=wish("x", site=THERE))) == ["d"]


SETS = st.lists(st.sets(st.sampled_from("xyz"), min_size=1), max_size=5)


class TestAnyPool:
    @given(SETS, st.lists(st.sampled_from("xyz"), min_size=1, max_size=4), st.data())
    def test_is_seated_whenever_it_can_be_at_all(self, told, seats, data):
        pool = [expert(str(number), sorted(known)) for number, known in enumerate(told)]
        keys = [row["expert"] for row in pool]
        possible = any(
            all(seat in told[int(key)] for seat, key in zip(seats, chosen, strict=True))
            for chosen in itertools.permutations(keys, len(seats))
        )
        order = data.draw(st.permutations(keys))
        wanted = [wish(specialty) for specialty in seats]
        if not possible:
            assert hopeless(order, pool, *wanted) in wanted
            return
        rows = seated(order, pool, *wanted)
        assert [specialty for _, specialty in rows] == seats
        assert all(specialty in told[int(key)] for key, specialty in rows)
        assert len({key for key, _ in rows}) == len(seats)
