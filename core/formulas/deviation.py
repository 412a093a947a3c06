"""Scoring by deviation from a benchmark price D, shared by the works methods m1 … m5.

Each percent above D costs E1 of a hundred points, each percent below costs E2, in between in
proportion. D is rounded to the fen; the deviation is not; the score is rounded once, at the end,
after a single division, so that no half is lost on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.decimals import EXACT, half_up, write
from core.formulas.errors import BadFormula
from core.formulas.params import Params
from core.formulas.pricing import NOTHING_TO_PRICE, PricedBid, PriceScore, Pricing
from core.formulas.working import Label, Line, percent_of, yuan_of

_HUNDRED = Decimal(100)


class Benchmark(Protocol):
    """How a method finds D from the valid bids and the control price."""

    def find(
        self, bids: Sequence[PricedBid], *, ceiling_fen: int | None
    ) -> tuple[Decimal, tuple[Line, ...]]:
        """Return D in whole fen and the working."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationFormula:
    """A benchmark and the cost of leaving it."""

    benchmark: Benchmark
    above: Decimal
    below: Decimal

    def price(
        self, bids: Sequence[PricedBid], *, weight: Decimal, ceiling_fen: int | None
    ) -> Pricing:
        """Find D once for all, then score each bid."""
        if not bids:
            return NOTHING_TO_PRICE
        benchmark, working = self.benchmark.find(bids, ceiling_fen=ceiling_fen)
        if not benchmark:
            raise BadFormula("/bids", "prices of less than a fen each leave no benchmark")
        return Pricing(
            benchmark_fen=benchmark,
            working=working,
            bids=tuple(self._scored(bid, benchmark=benchmark, weight=weight) for bid in bids),
        )

    def _scored(self, bid: PricedBid, *, benchmark: Decimal, weight: Decimal) -> PriceScore:
        price = Decimal(bid.price_fen)
        gap = price - benchmark
        rate = self.above if gap > 0 else self.below
        # weight/100 × (100 − |gap|/D × 100 × rate), over one division by D.
        left = max(Decimal(0), EXACT.subtract(benchmark, EXACT.multiply(abs(gap), rate)))
        exact = EXACT.divide(EXACT.multiply(weight, left), benchmark)
        deviation = EXACT.divide(EXACT.multiply(gap, _HUNDRED), benchmark)
        score = half_up(exact, 2)
        cost = EXACT.multiply(abs(deviation), rate)
        shown = yuan_of(benchmark)
        return PriceScore(
            key=bid.key,
            evaluated_fen=price,
            score=score,
            deviation=deviation,
            working=(
                Line(
                    Label.DEVIATION,
                    f"({yuan_of(price)} − {shown}) ÷ {shown} × 100",
                    percent_of(deviation),
                ),
                Line(
                    Label.COST,
                    f"{half_up(abs(deviation), 4)} × {write(rate)}",
                    str(half_up(cost, 4)),
                ),
                Line(
                    Label.PRICE_SCORE,
                    f"{write(weight)} ÷ 100 × max(0, 100 − {half_up(cost, 4)})",
                    write(score, places=2),
                ),
            ),
        )


def read_costs(params: Params, benchmark: Benchmark) -> DeviationFormula:
    """Read E1 and E2 and close the parameters."""
    above, below = params.at_least_zero("E1"), params.at_least_zero("E2")
    params.finish()
    return DeviationFormula(benchmark=benchmark, above=above, below=below)
