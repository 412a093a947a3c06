"""The `case` of a panel: everything its result depends on, as the formulas take it."""

from __future__ import annotations

from typing import Any

from core.decimals import write
from evaluation.models import Panel, ReviewDecision
from evaluation.services import panels, scoring
from trading.models import Bid, Criterion, Lot

_CLAIMS = ("domestic", "small_business")


def of(panel: Panel) -> dict[str, Any]:
    """Gather the case; bids are named by id, members by seat code, both in a fixed order."""
    lot = panel.lot
    bids = sorted(panels.compared(lot), key=lambda bid: str(bid.pk))
    decisions = ReviewDecision.objects.filter(panel=panel, passed=False)
    return {
        "track": lot.tender.legal_track,
        "category": lot.tender.category,
        "procedure": lot.tender.procedure,
        "formula": {name: lot.price_formula[name] for name in ("method", "weight", "params")},
        "ceiling_fen": lot.ceiling_fen,
        "bids": [_bid(bid) for bid in bids],
        "rules": _rules(lot),
        "scores": [cell.body() for cell in scoring.cells_of(panels.members(panel))],
        "reviews": sorted(
            (
                {
                    "bid": str(row.bid_id),
                    "verdict": "reject",
                    "code": row.code,
                    "clause": row.clause,
                    "fact": row.fact,
                }
                for row in decisions
            ),
            key=lambda row: row["bid"],
        ),
        "draws": [],
    }


def price_of(bid: Bid) -> int:
    """Return the price that counts: the corrected one, where arithmetic was corrected."""
    corrected = bid.line.price_corrected_fen
    return bid.line.price_fen if corrected is None else corrected


def _bid(bid: Bid) -> dict[str, Any]:
    told = bid.line.form.get("claims", {})
    claims = {name: told[name] for name in _CLAIMS if isinstance(told.get(name), bool)}
    return {"key": str(bid.pk), "price_fen": price_of(bid), "claims": claims}


def _rules(lot: Lot) -> dict[str, Any]:
    return {
        "criteria": [_criterion(row) for row in lot.criteria.select_related("part_of")],
        "outlier_rule": lot.outlier_rule or None,
        "tie_rule": list(lot.tie_rule),
        "candidates": lot.candidates_count,
    }


def _criterion(row: Criterion) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "max": write(row.max),
        "kind": str(row.kind),
        "step": write(row.step) if row.step is not None else None,
        "part_of": row.part_of.key if row.part_of else None,
    }
