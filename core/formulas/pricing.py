"""Prices in, benchmark and price scores out: the shapes every method shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from core.formulas.working import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedBid:
    """A bid as far as its price is concerned."""

    key: str
    price_fen: int
    claims: Mapping[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "claims", MappingProxyType(dict(self.claims)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceScore:
    """What a method makes of one bid; the contract price stays the price that was bid."""

    key: str
    evaluated_fen: Decimal
    score: Decimal
    deviation: Decimal | None = None
    working: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pricing:
    """The benchmark and the price scores of a lot."""

    benchmark_fen: Decimal | None
    working: tuple[Line, ...]
    bids: tuple[PriceScore, ...]


NOTHING_TO_PRICE = Pricing(benchmark_fen=None, working=(), bids=())


class Formula(Protocol):
    """A method with its parameters; `bids` are the valid ones, in any order."""

    def price(
        self, bids: Sequence[PricedBid], *, weight: Decimal, ceiling_fen: int | None
    ) -> Pricing:
        """Score the prices."""
