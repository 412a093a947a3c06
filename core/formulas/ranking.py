"""From totals to ranks.

Track T: total, then the tie rules of the documents one after the other. Track G (MOF order 87
Art. 57): total, then the lower evaluated price; what is equal then shares a rank, and only among
the joint first do the documents' rules, at last the draw, name the one to be awarded.
A tie no rule parts shares a rank as well. The order bids come in never matters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.formulas.errors import BadFormula, NotBuilt

TIE_RULES = ("lower_price", "higher_technical", "draw")

# Takes the tied keys, sorted, and returns them in the order drawn; None while no draw was held.
Draw = Callable[[tuple[str, ...]], Sequence[str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a bid is ranked by."""

    key: str
    total: Decimal
    evaluated_fen: Decimal
    technical: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A bid's place; joint bids share the better number."""

    key: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All places in order; of joint first bids the one to be awarded stands first.

    `pending` lists the ties that wait for a draw; until it is held they share a rank.
    """

    places: tuple[Ranked, ...]
    pending: tuple[tuple[str, ...], ...] = ()

    @property
    def first(self) -> str | None:
        """The bid to be awarded by rank, unless that still waits for a draw."""
        if not self.places or any(self.places[0].key in tie for tie in self.pending):
            return None
        return self.places[0].key

    def candidates(self, count: int) -> tuple[str, ...]:
        """Return the first bids by rank, no more than asked for."""
        return tuple(place.key for place in self.places if place.rank <= count)[:count]


def check_tie_rule(tie_rule: Sequence[str], *, pointer: str = "/rules/tie_rule") -> None:
    """Refuse rules that are unknown, repeated or not built."""
    for number, name in enumerate(tie_rule):
        here = f"{pointer}/{number}"
        if name == "vote":
            raise NotBuilt(here, "parting a tie by vote")
        if name not in TIE_RULES:
            raise BadFormula(here, f"no tie rule {name!r}")
        if name in tie_rule[:number]:
            raise BadFormula(here, f"{name} stands twice")


def rank(
    standings: Sequence[Standing],
    *,
    track: str,
    tie_rule: Sequence[str] = (),
    draw: Draw | None = None,
) -> Ranking:
    """Rank the bids."""
    check_tie_rule(tie_rule)
    pending: list[tuple[str, ...]] = []
    # Equal bids are kept in the order of their keys until a rule parts them.
    everyone = sorted(standings, key=lambda standing: standing.key)
    groups = _parted(everyone, lambda standing: -standing.total)
    if track == "G":
        groups = _each(groups, lambda standing: standing.evaluated_fen)
    else:
        groups = _by_rules(groups, tie_rule, draw=draw, pending=pending)
    places: list[Ranked] = []
    for number, group in enumerate(groups):
        shared = len(places) + 1
        ordered = group
        if track == "G" and number == 0:
            rules = [*[name for name in tie_rule if name != "draw"], "draw"]
            parted = _by_rules([group], rules, draw=draw, pending=pending)
            ordered = [standing for part in parted for standing in part]
        places += [Ranked(key=standing.key, rank=shared) for standing in ordered]
    return Ranking(places=tuple(places), pending=tuple(pending))


def _by_rules(
    groups: list[list[Standing]],
    tie_rule: Sequence[str],
    *,
    draw: Draw | None,
    pending: list[tuple[str, ...]],
) -> list[list[Standing]]:
    for name in tie_rule:
        if name == "lower_price":
            groups = _each(groups, lambda standing: standing.evaluated_fen)
        elif name == "higher_technical":
            groups = _each(groups, lambda standing: -standing.technical)
        else:
            groups = [part for group in groups for part in _drawn(group, draw, pending)]
    return groups


def _drawn(
    group: list[Standing], draw: Draw | None, pending: list[tuple[str, ...]]
) -> list[list[Standing]]:
    if len(group) == 1:
        return [group]
    tied = tuple(standing.key for standing in group)
    order = draw(tied) if draw is not None else None
    if order is None:
        pending.append(tied)
        return [group]
    if sorted(order) != list(tied):
        raise BadFormula("/draws", f"the draw is not among {', '.join(tied)}")
    by_key = {standing.key: standing for standing in group}
    return [[by_key[key]] for key in order]


def _each(
    groups: list[list[Standing]], measure: Callable[[Standing], Decimal]
) -> list[list[Standing]]:
    return [part for group in groups for part in _parted(group, measure)]


def _parted(
    group: Sequence[Standing], measure: Callable[[Standing], Decimal]
) -> list[list[Standing]]:
    """Split a group into those equal by a measure, the smallest first."""
    parts: dict[Decimal, list[Standing]] = {}
    for standing in group:
        parts.setdefault(measure(standing), []).append(standing)
    return [parts[value] for value in sorted(parts)]
