"""From the opened bids to the panel's report: qualification, hand-over, what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from accounts.models import Person
from audit.services import record
from core.verdicts import Refusal
from trading.domain.procedures import rules_of
from trading.events.award import EvaluationStarted, LotFailed, QualificationReviewed, ReportReceived
from trading.models import Bid, Candidate, Lot, Notice, QualificationReview
from trading.policies.award import may_hand_over, may_review_qualification
from trading.selectors.streams import lot_public, lot_staff
from trading.services import refunding
from trading.services.opening.state import move_bids, move_lot


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One bid's qualification as the purchaser sees it."""

    bid: UUID
    passed: bool
    clause: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Why the panel rejected a bid: the code of TBR Art. 51 or MOF87 Art. 63, clause and fact."""

    code: str
    clause: str
    fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A bid's place in the panel's ranking."""

    bid: UUID
    rank: int
    total: Decimal | None


def review_qualification(
    *,
    lot_id: UUID,
    verdicts: Sequence[Verdict],
    person: Person,
    signature: UUID,
    now: datetime,
) -> None:
    """Track G: review every opened bid; fewer than three that pass end the lot (MOF87 Art. 44)."""
    lot = locked_lot(lot_id)
    may_review_qualification(lot=lot).or_raise()
    opened = {bid.pk: bid for bid in Bid.objects.filter(lot=lot, state="OPENED")}
    told = {verdict.bid for verdict in verdicts}
    known = QualificationReview.objects.filter(bid__lot=lot).exists()
    groundless = any(not v.passed and not (v.clause and v.fact) for v in verdicts)
    if known or groundless or told != set(opened) or len(told) != len(verdicts):
        raise Refusal("W-013")
    for verdict in verdicts:
        QualificationReview.objects.create(
            bid=opened[verdict.bid],
            passed=verdict.passed,
            clause=verdict.clause,
            fact=verdict.fact,
            by=person,
            at=now,
            signature=signature,
        )
        if not verdict.passed:
            move_bids([opened[verdict.bid]], "reject", code="REJECT_QUAL")
    passed = sum(verdict.passed for verdict in verdicts)
    record(
        stream=lot_staff(lot),
        event=QualificationReviewed(passed=passed, failed=len(verdicts) - passed),
        actor=str(person.pk),
        now=now,
    )
    if passed < _minimum(lot):
        fail(lot=lot, code="FAILED_LT3_CONFORMING", actor=str(person.pk), now=now)


def hand_over(*, lot_id: UUID, person: Person, now: datetime) -> Lot:
    """Give the opened bids to the panel."""
    lot = locked_lot(lot_id)
    unreviewed = Bid.objects.filter(lot=lot, state="OPENED", qualification__isnull=True).count()
    may_hand_over(lot=lot, unreviewed=unreviewed).or_raise()
    move_lot(lot, "evaluate")
    record(stream=lot_public(lot), event=EvaluationStarted(), actor=str(person.pk), now=now)
    return lot


def receive_report(
    *,
    lot: Lot,
    ranking: Sequence[Standing],
    rejections: Mapping[UUID, Rejected],
    report_sha256: str,
    actor: str,
    now: datetime,
) -> None:
    """Take the panel's signed report: bids become valid or rejected, candidates are named.

    No valid bid at all fails the lot; in track G fewer than three conforming ones do
    (MOF87 Art. 43, GPL Art. 36). In track T fewer than three after rejection is no failure by
    itself (O12 Art. 27).
    """
    lot = locked_lot(lot.pk)
    bids = {bid.pk: bid for bid in Bid.objects.filter(lot=lot, state="OPENED")}
    for bid_id, why in rejections.items():
        move_bids([bids[bid_id]], "reject", code=why.code)
        Bid.objects.filter(pk=bid_id).update(clause=why.clause, fact=why.fact)
    valid = [bid for bid in bids.values() if bid.pk not in rejections]
    record(
        stream=lot_staff(lot),
        event=ReportReceived(report_sha256=report_sha256),
        actor=actor,
        now=now,
    )
    if not valid:
        fail(lot=lot, code="FAILED_ALL_REJECTED", actor=actor, now=now)
        return
    if lot.tender.legal_track == "G" and len(valid) < _minimum(lot):
        fail(lot=lot, code="FAILED_LT3_CONFORMING", actor=actor, now=now)
        return
    move_bids(valid, "accept")
    move_lot(lot, "report")
    best = sorted(ranking, key=lambda row: row.rank)[: lot.candidates_count]
    for standing in best:
        bid = bids[standing.bid]
        Candidate.objects.create(
            id=uuid4(),
            lot=lot,
            bid=bid,
            rank=standing.rank,
            total=standing.total,
            price_fen=bid.line.price_corrected_fen or bid.line.price_fen,
        )


def fail(*, lot: Lot, code: str, actor: str, now: datetime) -> None:
    """End an opened lot without an award, say why to everybody, give the deposits back."""
    move_lot(lot, "fail", code=code)
    lot.state_code = code
    Notice.objects.create(
        id=uuid4(),
        tender=lot.tender,
        lot=lot,
        kind=Notice.Kind.FAILED,
        title=f"{lot.tender.title} {lot.title}",
        body={"code": code, "lot": lot.code},
        published_at=now,
    )
    record(stream=lot_public(lot), event=LotFailed(code=code), actor=actor, now=now)
    refunding.after_end(lot=lot, actor=actor, now=now)


def locked_lot(lot_id: UUID) -> Lot:
    """Take the lot's row for update, with its tender."""
    return Lot.objects.select_for_update(of=("self",)).select_related("tender").get(pk=lot_id)


def _minimum(lot: Lot) -> int:
    return rules_of(lot.tender.legal_track, lot.tender.procedure).minimum_bids
