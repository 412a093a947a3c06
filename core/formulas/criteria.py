"""The criteria of a lot: a tree whose leaves are scored, one of them by the price formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.formulas.errors import BadFormula


class Kind(StrEnum):
    """Who decides a criterion: each member's judgement, a fact all must agree on, the formula."""

    JUDGED = "judged"
    OBJECTIVE = "objective"
    PRICE = "price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One node; `step` is the smallest difference two scores may have."""

    key: str
    title: str
    maximum: Decimal
    kind: Kind
    step: Decimal | None = None
    part_of: str | None = None

    def takes(self, score: Decimal) -> bool:
        """Say whether a score lies in the range and on a step; the maximum itself always does."""
        if not 0 <= score <= self.maximum:
            return False
        return self.step is None or score == self.maximum or score % self.step == 0


@dataclass(frozen=True, slots=True)
class Criteria:
    """A sound tree: keys once, parents known, no circle, at most one price leaf."""

    items: tuple[Criterion, ...]
    pointer: str = "/rules/criteria"

    def __post_init__(self) -> None:
        index = {item.key: item for item in self.items}
        if len(index) != len(self.items):
            raise BadFormula(self.pointer, "a key stands twice")
        for number, item in enumerate(self.items):
            here = f"{self.pointer}/{number}"
            if item.part_of is not None and item.part_of not in index:
                raise BadFormula(f"{here}/part_of", "no such criterion")
            if item.maximum <= 0:
                raise BadFormula(f"{here}/max", "must be above zero")
            if item.step is not None and item.step <= 0:
                raise BadFormula(f"{here}/step", "must be above zero")
            if _circles(item, index):
                raise BadFormula(f"{here}/part_of", "leads back to itself")
        if sum(1 for item in self.items if item.kind is Kind.PRICE) > 1:
            raise BadFormula(self.pointer, "more than one price criterion")
        if any(item.kind is Kind.PRICE for item in self.items if self.parts(item)):
            raise BadFormula(self.pointer, "the price criterion has no parts")

    def parts(self, parent: Criterion) -> tuple[Criterion, ...]:
        """Return the criteria directly under one."""
        return tuple(item for item in self.items if item.part_of == parent.key)

    @property
    def leaves(self) -> tuple[Criterion, ...]:
        """What is scored, the price leaf included."""
        return tuple(item for item in self.items if not self.parts(item))

    @property
    def scored(self) -> tuple[Criterion, ...]:
        """The leaves that members score."""
        return tuple(item for item in self.leaves if item.kind is not Kind.PRICE)

    @property
    def price(self) -> Criterion | None:
        """The leaf the formula scores, if price counts at all."""
        return next((item for item in self.leaves if item.kind is Kind.PRICE), None)

    def uneven(self) -> Sequence[Criterion]:
        """Return the parents whose parts do not add up to their maximum, for the author."""
        parents = ((item, self.parts(item)) for item in self.items)
        return [
            item
            for item, parts in parents
            if parts and sum((part.maximum for part in parts), Decimal(0)) != item.maximum
        ]


def _circles(item: Criterion, index: dict[str, Criterion]) -> bool:
    seen: set[str] = set()
    here: Criterion | None = item
    while here is not None and here.key not in seen:
        seen.add(here.key)
        here = index.get(here.part_of) if here.part_of is not None else None
    return here is not None
