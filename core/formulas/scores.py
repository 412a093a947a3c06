"""From members' scores to the panel's result.

Track T: per leaf, the outlier rule, then the mean to two decimals; the total is the sum of the
leaves and the price score. Track G (MOF order 87 Art. 55): the total is the arithmetic mean of
members' totals, rounded once; no member's score is left out, so the outlier rule does not apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from core.decimals import EXACT, half_up, write
from core.formulas.criteria import Criteria, Criterion, Kind
from core.formulas.errors import BadFormula
from core.formulas.working import Label, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one member gave one bid for one leaf."""

    member: str
    bid: str
    criterion: str
    value: Decimal
    pointer: str = "/scores"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlierRule:
    """From so many members on, drop so many highest and lowest of each leaf."""

    drop_high: int
    drop_low: int
    from_members: int

    def __post_init__(self) -> None:
        if min(self.drop_high, self.drop_low) < 0:
            raise BadFormula("/rules/outlier_rule", "counts are not below zero")
        if self.from_members <= self.drop_high + self.drop_low:
            raise BadFormula(
                "/rules/outlier_rule/from_members", "would leave no score to take the mean of"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelResult:
    """The panel's result for one bid: per leaf, in total, and the judged part for ties."""

    key: str
    leaves: Mapping[str, Decimal]
    technical: Decimal
    total: Decimal
    working: tuple[Line, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "leaves", MappingProxyType(dict(self.leaves)))


def panel_results(
    scores: Iterable[Score],
    *,
    criteria: Criteria,
    price_scores: Mapping[str, Decimal],
    track: str,
    outlier_rule: OutlierRule | None,
) -> tuple[PanelResult, ...]:
    """Return the result of every bid that has a price score; scores of others are left aside.

    Every member must have scored every leaf of every bid, in range and on the step, and all
    members alike where the leaf is a fact.
    """
    sheet = _sheet(scores, criteria=criteria, bids=list(price_scores))
    rule = outlier_rule if track != "G" else None
    return tuple(
        _result(bid, sheet[bid], criteria=criteria, price=price, track=track, rule=rule)
        for bid, price in price_scores.items()
    )


def _result(
    bid: str,
    given: Mapping[str, Sequence[Decimal]],
    *,
    criteria: Criteria,
    price: Decimal,
    track: str,
    rule: OutlierRule | None,
) -> PanelResult:
    kept = {leaf.key: _kept(given[leaf.key], rule) for leaf in criteria.scored}
    leaves = {key: _mean(values) for key, values in kept.items()}
    judged = [leaf.key for leaf in criteria.scored if leaf.kind is Kind.JUDGED]
    lines = [
        Line(
            Label.PANEL_RESULT,
            f"{leaf.title}: ({' + '.join(map(write, kept[leaf.key]))}) ÷ {len(kept[leaf.key])}",
            write(leaves[leaf.key], places=2),
        )
        for leaf in criteria.scored
    ]
    if track == "G":
        # One rounding: the leaves above are for showing, the total is reckoned from the members.
        members = max((len(values) for values in given.values()), default=1)
        everything = _sum(value for values in given.values() for value in values)
        total = price + half_up(EXACT.divide(everything, Decimal(members)), 2)
        expression = f"{write(price, places=2)} + {write(everything)} ÷ {members}"
        ours = _sum(value for key in judged for value in given[key])
        technical = EXACT.divide(ours, Decimal(members))
    else:
        total = price + _sum(leaves.values())
        expression = " + ".join(write(part, places=2) for part in (*leaves.values(), price))
        technical = _sum(leaves[key] for key in judged)
    lines.append(Line(Label.TOTAL, expression, write(total, places=2)))
    return PanelResult(
        key=bid, leaves=leaves, technical=technical, total=total, working=tuple(lines)
    )


def _mean(values: Sequence[Decimal]) -> Decimal:
    return half_up(EXACT.divide(_sum(values), Decimal(len(values))), 2)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def _kept(values: Sequence[Decimal], rule: OutlierRule | None) -> Sequence[Decimal]:
    ordered = sorted(values)
    if rule is None or len(ordered) < rule.from_members:
        return ordered
    return ordered[rule.drop_low : len(ordered) - rule.drop_high]


def _sheet(
    scores: Iterable[Score], *, criteria: Criteria, bids: Sequence[str]
) -> dict[str, dict[str, list[Decimal]]]:
    """Check the scores and arrange them: bid → leaf → values in the order of members' keys."""
    leaves = {leaf.key: leaf for leaf in criteria.scored}
    cells: dict[tuple[str, str, str], Decimal] = {}
    for score in scores:
        if score.criterion not in leaves:
            raise BadFormula(f"{score.pointer}/criterion", f"{score.criterion} is not scored")
        if score.bid not in bids:
            continue
        if not leaves[score.criterion].takes(score.value):
            raise BadFormula(f"{score.pointer}/score", _outside(score, leaves[score.criterion]))
        cell = (score.bid, score.criterion, score.member)
        if cell in cells:
            raise BadFormula(score.pointer, "the same score a second time")
        cells[cell] = score.value
    members = sorted({member for _, _, member in cells})
    if leaves and bids and not members:
        raise BadFormula("/scores", "nobody has scored")
    for bid in bids:
        for leaf in leaves.values():
            _whole(bid, leaf, members=members, cells=cells)
    return {
        bid: {leaf: [cells[bid, leaf, member] for member in members] for leaf in leaves}
        for bid in bids
    }


def _whole(
    bid: str,
    leaf: Criterion,
    *,
    members: Sequence[str],
    cells: Mapping[tuple[str, str, str], Decimal],
) -> None:
    for member in members:
        if (bid, leaf.key, member) not in cells:
            raise BadFormula("/scores", f"{member} has not scored {leaf.key} of {bid}")
    if leaf.kind is Kind.OBJECTIVE and len({cells[bid, leaf.key, who] for who in members}) > 1:
        # MOF order 87 Art. 64: members may not differ on facts.
        raise BadFormula("/scores", f"members differ on {leaf.key} of {bid}, which is a fact")


def _outside(score: Score, leaf: Criterion) -> str:
    step = f" in steps of {write(leaf.step)}" if leaf.step is not None else ""
    return f"{write(score.value)} is not between 0 and {write(leaf.maximum)}{step}"
