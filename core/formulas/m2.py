"""Method two: D = A × K1 × Q1 + B × K2 × Q2, the mean of the bids against the control price B."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT, half_up, write
from core.formulas.deviation import DeviationFormula, read_costs
from core.formulas.errors import BadFormula
from core.formulas.mean import trimmed_mean
from core.formulas.params import Params, Trim
from core.formulas.pricing import PricedBid
from core.formulas.working import Label, Line, rounded_yuan_of, yuan_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanAgainstControl:
    """Factors and shares of the mean (1) and of the control price (2)."""

    k1: Decimal
    q1: Decimal
    k2: Decimal
    q2: Decimal
    trim: Trim

    def find(
        self, bids: Sequence[PricedBid], *, ceiling_fen: int | None
    ) -> tuple[Decimal, tuple[Line, ...]]:
        """Return D to the fen."""
        if ceiling_fen is None:
            raise BadFormula("/ceiling_fen", "m2 needs the control price")
        mean = trimmed_mean(bids, self.trim)
        count = Decimal(mean.count)
        ours = EXACT.multiply(EXACT.multiply(Decimal(mean.total_fen), self.k1), self.q1)
        control = EXACT.multiply(EXACT.multiply(Decimal(ceiling_fen), self.k2), self.q2)
        total = EXACT.add(ours, EXACT.multiply(control, count))
        benchmark = half_up(EXACT.divide(total, count), 0)
        line = Line(
            Label.BENCHMARK,
            f"{rounded_yuan_of(mean.fen)} × {write(self.k1)} × {write(self.q1)} + "
            f"{yuan_of(Decimal(ceiling_fen))} × {write(self.k2)} × {write(self.q2)}",
            yuan_of(benchmark),
        )
        return benchmark, (*mean.working, line)


def read(params: Params) -> DeviationFormula:
    """Read K1, K2, Q1, Q2, trim, E1, E2; the shares make up one."""
    rule = MeanAgainstControl(
        k1=params.positive("K1"),
        k2=params.positive("K2"),
        q1=params.at_least_zero("Q1"),
        q2=params.at_least_zero("Q2"),
        trim=params.trim(),
    )
    if rule.q1 + rule.q2 != 1:
        raise BadFormula(f"{params.pointer}/Q2", "Q1 and Q2 must add up to 1")
    return read_costs(params, rule)
