"""One lot's case: formula, bids, rules, scores; and its outcome.

The same function serves the author's try-out, the panel's summary, the check of a ranking by
an outsider and the command line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.formulas.authoring import Fault, authoring_faults
from core.formulas.criteria import Criteria
from core.formulas.errors import BadFormula
from core.formulas.pricing import PricedBid, PriceScore, Pricing
from core.formulas.ranking import Draw, Ranking, Standing, rank
from core.formulas.registry import read_formula
from core.formulas.rejection import Rejection, over_ceiling
from core.formulas.scores import OutlierRule, PanelResult, Score, panel_results


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the panel's scores become totals and ranks."""

    criteria: Criteria
    outlier_rule: OutlierRule | None = None
    tie_rule: tuple[str, ...] = ()
    candidates: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything the outcome depends on; `rejected` maps a bid to the code of its rejection.

    `draws` are the orders drawn so far for ties, each a list of the tied keys.
    """

    track: str
    category: str
    method: str
    weight: Decimal
    params: Mapping[str, object]
    ceiling_fen: int | None
    bids: tuple[PricedBid, ...]
    procedure: str = "open_tender"
    on: date | None = None
    rejected: Mapping[str, str] = field(default_factory=dict)
    rules: Rules | None = None
    scores: tuple[Score, ...] = ()
    draws: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Benchmark and price scores always; results and ranks once there are scores."""

    case: Case
    rejected: Mapping[str, str]
    pricing: Pricing
    results: Mapping[str, PanelResult]
    ranking: Ranking | None
    faults: tuple[Fault, ...]

    def price(self, key: str) -> PriceScore | None:
        """Return what the formula made of a bid; nothing for a rejected one."""
        return next((bid for bid in self.pricing.bids if bid.key == key), None)

    def rank(self, key: str) -> int | None:
        """Return a bid's rank, if it has one."""
        places = self.ranking.places if self.ranking is not None else ()
        return next((place.rank for place in places if place.key == key), None)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The bids the panel puts forward, best first."""
        if self.ranking is None or self.case.rules is None:
            return ()
        return self.ranking.candidates(self.case.rules.candidates)


def evaluate(case: Case) -> Outcome:
    """Reckon a case.

    Rejected bids and bids above the ceiling are out before the benchmark is found, and the
    benchmark is found once: what happens to a bid later does not move it.
    """
    formula = read_formula(case.method, case.params)
    _check(case)
    rejected = dict(case.rejected)
    for bid in case.bids:
        if over_ceiling(bid.price_fen, case.ceiling_fen):
            rejected.setdefault(bid.key, Rejection.PRICE_HIGH.value)
    valid = [bid for bid in case.bids if bid.key not in rejected]
    pricing = formula.price(valid, weight=case.weight, ceiling_fen=case.ceiling_fen)
    results = _results(case, pricing)
    return Outcome(
        case=case,
        rejected=rejected,
        pricing=pricing,
        results=results,
        ranking=_ranking(case, pricing, results),
        faults=_faults(case),
    )


def _check(case: Case) -> None:
    if case.weight <= 0:
        raise BadFormula("/formula/weight", "must be above zero")
    keys = [bid.key for bid in case.bids]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            raise BadFormula(f"/bids/{number}/key", f"{key} stands twice")
    for key in case.rejected:
        if key not in keys:
            raise BadFormula("/reviews", f"no bid {key}")
    if case.rules is None:
        return
    price = case.rules.criteria.price
    if price is None:
        raise BadFormula("/rules/criteria", "no price criterion")
    if price.maximum != case.weight:
        raise BadFormula("/formula/weight", "differs from the price criterion's max")


def _results(case: Case, pricing: Pricing) -> Mapping[str, PanelResult]:
    price_only = case.rules is not None and not case.rules.criteria.scored
    if case.rules is None or not (case.scores or price_only):
        return {}
    results = panel_results(
        case.scores,
        criteria=case.rules.criteria,
        price_scores={bid.key: bid.score for bid in pricing.bids},
        track=case.track,
        outlier_rule=case.rules.outlier_rule,
    )
    return {result.key: result for result in results}


def _ranking(case: Case, pricing: Pricing, results: Mapping[str, PanelResult]) -> Ranking | None:
    if case.rules is None or not results:
        return None
    standings = [
        Standing(
            key=bid.key,
            total=results[bid.key].total,
            evaluated_fen=bid.evaluated_fen,
            technical=results[bid.key].technical,
        )
        for bid in pricing.bids
    ]
    return rank(standings, track=case.track, tie_rule=case.rules.tie_rule, draw=_held(case.draws))


def _held(draws: Sequence[tuple[str, ...]]) -> Draw:
    """Return the draws that were held, as a draw: the order for a tie, or nothing."""
    orders = {tuple(sorted(order)): order for order in draws}
    return orders.get


def _faults(case: Case) -> tuple[Fault, ...]:
    if case.on is None:
        return ()
    return authoring_faults(
        track=case.track,
        category=case.category,
        procedure=case.procedure,
        on=case.on,
        method=case.method,
        weight=case.weight,
        params=case.params,
        criteria=case.rules.criteria if case.rules else None,
        outlier_rule=case.rules.outlier_rule if case.rules else None,
    )
