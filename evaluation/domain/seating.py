"""From a drawn order to seats: the first that fit each wish, the others in reserve."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """So many experts of one specialty from one site's library."""

    specialty: str
    site: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An expert of the pool on the wish it fills."""

    expert: str
    specialty: str
    site: str


class PoolTooSmall(Exception):  # noqa: N818 - a finding about the pool
    """The pool has too few experts for a wish."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        super().__init__(f"{wish.specialty} at {wish.site}")


def place(
    order: Sequence[str], *, pool: Sequence[Mapping[str, Any]], wanted: Sequence[Wish]
) -> list[Placed]:
    """Fill the wishes one seat after the other, each with the first of the order who fits it.

    Somebody who fits two wishes is left for the later one where that could not be filled
    otherwise; so whether all can be filled does not hang on the order drawn.
    """
    rows = {row["expert"]: row for row in pool}
    seats = [wish for wish in wanted for _ in range(wish.count)]
    seated: list[Placed] = []
    free = [rows[key] for key in order]
    for number, wish in enumerate(seats):
        rest = seats[number + 1 :]
        row = next(
            (
                row
                for row in free
                if _fits(row, wish) and _can_fill(rest, [one for one in free if one is not row])
            ),
            None,
        )
        if row is None:
            raise PoolTooSmall(_hopeless(seats[number:], free))
        free.remove(row)
        seated.append(Placed(expert=row["expert"], specialty=wish.specialty, site=wish.site))
    return seated


def reserve(
    order: Sequence[str],
    *,
    pool: Sequence[Mapping[str, Any]],
    wish: Wish,
    seen: Collection[str],
) -> str | None:
    """Return the next in the drawn order who fits and has had no seat yet."""
    return next((key for key in fits(order, pool=pool, wish=wish) if key not in seen), None)


def fits(order: Sequence[str], *, pool: Sequence[Mapping[str, Any]], wish: Wish) -> Iterator[str]:
    """Return those of the order who have the specialty and belong to the site."""
    rows = {row["expert"]: row for row in pool}
    return (key for key in order if _fits(rows[key], wish))


def _fits(row: Mapping[str, Any], wish: Wish) -> bool:
    return wish.specialty in row["specialties"] and bool(row["site"] == wish.site)


def _can_fill(seats: Sequence[Wish], free: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether every seat can get somebody of its own (augmenting paths)."""
    held: dict[int, int] = {}  # index in `free` -> index in `seats`
    return all(_seat(number, seats, free, held, set()) for number in range(len(seats)))


def _seat(
    number: int,
    seats: Sequence[Wish],
    free: Sequence[Mapping[str, Any]],
    held: dict[int, int],
    tried: set[int],
) -> bool:
    for index, row in enumerate(free):
        if index in tried or not _fits(row, seats[number]):
            continue
        tried.add(index)
        if index not in held or _seat(held[index], seats, free, held, tried):
            held[index] = number
            return True
    return False


def _hopeless(seats: Sequence[Wish], free: Sequence[Mapping[str, Any]]) -> Wish:
    """Return the first wish that cannot be filled beside those before it."""
    return next(
        wish for count, wish in enumerate(seats, start=1) if not _can_fill(seats[:count], free)
    )
