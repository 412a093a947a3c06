"""From the opening to the contract: every rule that needs no query."""

from __future__ import annotations

from datetime import date, datetime

from core.law import PERIODS, last_day
from core.verdicts import ALLOWED, Verdict, refuse
from core.zone import local_day
from trading.domain.procedures import rules_of
from trading.models import Award, Lot

# TBR Art. 55: the only grounds on which a state-funded tenderer may pass over rank 1.
DEPARTURES = (
    "GIVES_UP",  # 放弃中标
    "FORCE_MAJEURE",  # 因不可抗力不能履行合同
    "NO_PERFORMANCE_BOND",  # 不按要求提交履约保证金
    "VIOLATION",  # 被查实存在影响中标结果的违法行为
)


def may_review_qualification(*, lot: Lot) -> Verdict:
    """Say whether the purchaser reviews qualification now (track G only, after the opening)."""
    rules = rules_of(lot.tender.legal_track, lot.tender.procedure)
    if not rules.purchaser_reviews_qualification:
        return refuse("W-010")
    return ALLOWED if lot.state == "OPENED" else refuse("W-011", state=lot.state)


def may_hand_over(*, lot: Lot, unreviewed: int) -> Verdict:
    """Say whether the lot may go to its panel."""
    if lot.state != "OPENED":
        return refuse("W-011", state=lot.state)
    rules = rules_of(lot.tender.legal_track, lot.tender.procedure)
    if rules.purchaser_reviews_qualification and unreviewed:
        return refuse("W-012", count=unreviewed)
    return ALLOWED


def may_publish_candidates(*, lot: Lot) -> Verdict:
    """Say whether candidates are published: track T, once the report is there."""
    rules = rules_of(lot.tender.legal_track, lot.tender.procedure)
    if not rules.publishes_candidates:
        return refuse("W-020")
    return ALLOWED if lot.state == "REPORTED" else refuse("W-011", state=lot.state)


def may_award(
    *,
    lot: Lot,
    publicity_ends_at: datetime | None,
    unanswered: int,
    rank: int,
    ground: str,
    now: datetime,
) -> Verdict:
    """Say whether this candidate may be determined the winner now."""
    rules = rules_of(lot.tender.legal_track, lot.tender.procedure)
    wanted = "CANDIDATES_PUBLISHED" if rules.publishes_candidates else "REPORTED"
    if lot.state != wanted:
        return refuse("W-011", state=lot.state)
    if publicity_ends_at is not None and now < publicity_ends_at:
        return refuse("W-021", ends=publicity_ends_at)
    if unanswered:
        return refuse("W-022", count=unanswered)
    if rank != 1 and not ground.strip():
        return refuse("W-023", rank=rank)
    return ALLOWED


def may_record_contract(
    *, award: Award, signed_on: date, amount_fen: int, now: datetime
) -> Verdict:
    """Say whether this contract may be recorded: after the notice, at the price that won.

    TBL Art. 46: no agreement that departs from the substance of the bid.
    """
    if award.notified_at is None:
        return refuse("W-030")
    if not local_day(award.notified_at) <= signed_on <= local_day(now):
        return refuse("W-031", signed=signed_on)
    if amount_fen != award.price_fen:
        return refuse("W-032", price=award.price_fen, given=amount_fen)
    return ALLOWED


def contract_due(*, award: Award) -> date | None:
    """Return the last day to sign (TBL Art. 46; GPL Art. 46)."""
    if award.notified_at is None:
        return None
    told = local_day(award.notified_at)
    track = award.lot.tender.legal_track
    return last_day(told, PERIODS["contract"].get(on=told, track=track)).day
