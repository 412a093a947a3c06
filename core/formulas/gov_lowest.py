"""Government procurement's price score: the lowest evaluated price over the bid's own.

MOF order 87 Art. 55: benchmark ÷ bid × weight; no quote is dropped. Deductions for small firms and
domestic products only serve the score, each reckoned on the original price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.decimals import EXACT, half_up, write
from core.formulas.errors import BadFormula
from core.formulas.params import Params
from core.formulas.pricing import NOTHING_TO_PRICE, PricedBid, PriceScore, Pricing
from core.formulas.working import Label, Line, yuan_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GovLowest:
    """The method with the rates the documents fix; zero where they fix none."""

    small: Decimal
    domestic: Decimal

    def price(
        self, bids: Sequence[PricedBid], *, weight: Decimal, ceiling_fen: int | None
    ) -> Pricing:
        """Score against the lowest evaluated price; the ceiling has done its work before."""
        del ceiling_fen
        if not bids:
            return NOTHING_TO_PRICE
        evaluated = {bid.key: self._evaluated(bid) for bid in bids}
        benchmark = min(evaluated.values())
        return Pricing(
            benchmark_fen=benchmark,
            working=(
                Line(
                    Label.BENCHMARK,
                    f"min({', '.join(yuan_of(price) for price in sorted(evaluated.values()))})",
                    yuan_of(benchmark),
                ),
            ),
            bids=tuple(
                self._scored(bid, evaluated[bid.key], benchmark=benchmark, weight=weight)
                for bid in bids
            ),
        )

    def _rates(self, bid: PricedBid) -> list[Decimal]:
        claimed = (("domestic", self.domestic), ("small_business", self.small))
        return [rate for claim, rate in claimed if rate and bid.claims.get(claim)]

    def _evaluated(self, bid: PricedBid) -> Decimal:
        share = Decimal(1) - sum(self._rates(bid), Decimal(0))
        return EXACT.multiply(Decimal(bid.price_fen), share)

    def _scored(
        self, bid: PricedBid, evaluated: Decimal, *, benchmark: Decimal, weight: Decimal
    ) -> PriceScore:
        # The benchmark itself scores full, also where it is a quote of nothing.
        score = half_up(
            weight
            if evaluated == benchmark
            else EXACT.divide(EXACT.multiply(benchmark, weight), evaluated),
            2,
        )
        price, rates = yuan_of(Decimal(bid.price_fen)), self._rates(bid)
        less = "".join(f" − {price} × {write(rate)}" for rate in rates)
        lines = [Line(Label.EVALUATED_PRICE, price + less, yuan_of(evaluated))]
        lines.append(
            Line(
                Label.PRICE_SCORE,
                f"{yuan_of(benchmark)} ÷ {yuan_of(evaluated)} × {write(weight)}",
                write(score, places=2),
            )
        )
        return PriceScore(key=bid.key, evaluated_fen=evaluated, score=score, working=tuple(lines))


def read(params: Params) -> GovLowest:
    """Read the optional rates."""
    small = params.optional_fraction("small_deduction")
    domestic = params.optional_fraction("domestic_deduction")
    params.finish()
    if small + domestic >= 1:
        raise BadFormula(params.pointer, "the deductions together leave no price")
    return GovLowest(small=small, domestic=domestic)
