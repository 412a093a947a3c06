"""The trimmed mean A of the valid bids, kept as a sum and a count until the last division."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT
from core.formulas.params import Trim
from core.formulas.pricing import PricedBid
from core.formulas.working import Label, Line, rounded_yuan_of, yuan_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A = total ÷ count."""

    total_fen: int
    count: int
    working: tuple[Line, ...]

    @property
    def fen(self) -> Decimal:
        """A itself, for showing; reckon with total and count instead."""
        return EXACT.divide(Decimal(self.total_fen), Decimal(self.count))


def trimmed_mean(bids: Sequence[PricedBid], trim: Trim) -> Mean:
    """Drop the highest and lowest if there are enough bids, and take the mean of the rest."""
    prices = sorted(bid.price_fen for bid in bids)
    lines = [Line(Label.COUNTED, "n", str(len(prices)))]
    kept = prices
    if len(prices) >= trim.least:
        kept = prices[trim.low : len(prices) - trim.high]
        for label, dropped in (
            (Label.DROPPED_HIGH, prices[len(prices) - trim.high :]),
            (Label.DROPPED_LOW, prices[: trim.low]),
        ):
            if dropped:
                lines.append(Line(label, str(len(dropped)), _listed(dropped)))
    mean = Mean(total_fen=sum(kept), count=len(kept), working=())
    lines.append(
        Line(
            Label.MEAN,
            f"({' + '.join(_each(kept))}) ÷ {len(kept)}",
            rounded_yuan_of(mean.fen),
        )
    )
    return Mean(total_fen=mean.total_fen, count=mean.count, working=tuple(lines))


def _each(prices: Sequence[int]) -> list[str]:
    return [yuan_of(Decimal(price)) for price in prices]


def _listed(prices: Sequence[int]) -> str:
    return "; ".join(_each(prices))
