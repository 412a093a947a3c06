"""Method one: D = A × K, the trimmed mean of the valid bids times a factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT, half_up, write
from core.formulas.deviation import DeviationFormula, read_costs
from core.formulas.mean import trimmed_mean
from core.formulas.params import Params, Trim
from core.formulas.pricing import PricedBid
from core.formulas.working import Label, Line, rounded_yuan_of, yuan_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanTimesFactor:
    """K and the trim."""

    factor: Decimal
    trim: Trim

    def find(
        self, bids: Sequence[PricedBid], *, ceiling_fen: int | None
    ) -> tuple[Decimal, tuple[Line, ...]]:
        """Return D to the fen; the ceiling plays no part."""
        del ceiling_fen
        mean = trimmed_mean(bids, self.trim)
        product = EXACT.multiply(Decimal(mean.total_fen), self.factor)
        benchmark = half_up(EXACT.divide(product, Decimal(mean.count)), 0)
        line = Line(
            Label.BENCHMARK,
            f"{rounded_yuan_of(mean.fen)} × {write(self.factor)}",
            yuan_of(benchmark),
        )
        return benchmark, (*mean.working, line)


def read(params: Params) -> DeviationFormula:
    """Read K, trim, E1, E2."""
    return read_costs(params, MeanTimesFactor(factor=params.positive("K"), trim=params.trim()))
