"""Drafts as the rules want to see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bank_escrow.services import AccountPolicy
from core import decimals
from trading.domain.lots import LotPlan
from trading.domain.timeline import Plan
from trading.models import Lot, Tender

_WORDS = ("standard", "clause")


def plan_of(tender: Tender, *, now: datetime) -> Plan | None:
    """Return the times of a draft as if it were published now; None while one is missing."""
    if tender.documents_issued_at is None or tender.deadline_at is None:
        return None
    published_at = tender.published_at if tender.state != "DRAFT" else now
    assert published_at is not None
    return Plan(
        track=tender.legal_track,
        procedure=tender.procedure,
        must_tender=tender.must_tender,
        published_at=published_at,
        documents_issued_at=max(tender.documents_issued_at, published_at),
        deadline_at=tender.deadline_at,
        issued_with_notice=tender.state == "DRAFT" and tender.documents_issued_at < now,
    )


def lot_plan(lot: Lot) -> LotPlan:
    """Return a lot with its criteria as plain data."""
    tender = lot.tender
    return LotPlan(
        track=tender.legal_track,
        procedure=tender.procedure,
        category=tender.category,
        estimate_fen=lot.estimate_fen,
        ceiling_fen=lot.ceiling_fen,
        bid_security_fen=lot.bid_security_fen,
        price_formula=lot.price_formula,
        criteria=criteria_rows(lot),
        outlier_rule=lot.outlier_rule,
        tie_rule=lot.tie_rule,
        candidates_count=lot.candidates_count,
    )


def criteria_rows(lot: Lot) -> list[dict[str, Any]]:
    """Return the criteria as the story's schema and the formulas write them."""
    return [
        {
            "key": item.key,
            "title": item.title,
            "max": decimals.write(item.max.normalize()),
            "step": decimals.write(item.step.normalize()) if item.step is not None else None,
            "kind": item.kind,
            "part_of": item.part_of.key if item.part_of else None,
            **{name: text for name in _WORDS if (text := getattr(item, name))},
        }
        for item in lot.criteria.select_related("part_of")
    ]


def account_policy(tender: Tender) -> AccountPolicy:
    """Return which payer accounts count: the basic account where tendering law binds (TBR 26)."""
    basic = tender.legal_track == "T" and tender.must_tender
    return AccountPolicy.BASIC if basic else AccountPolicy.CORPORATE
