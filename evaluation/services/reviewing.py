"""Preliminary review (初步评审): every member votes on every bid, the majority decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core.verdicts import Refusal
from evaluation.domain import reviewing
from evaluation.events import BidReviewed, ScoringStarted
from evaluation.models import Panel, ReviewDecision, ReviewVote, Seat, TieDraw
from evaluation.policies.panel import may_lead
from evaluation.services import panels, tasks, tie_draws
from evaluation.services.cases import price_of
from evaluation.services.seating import at_work
from evaluation.services.summarising import conclude
from trading.models import Bid, Lot
from trading.selectors.rules import rules_of

# The list of TBR Art. 51 or MOF87 Art. 63, or one the documents define.
_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,23}")


def vote(
    *,
    panel_id: UUID,
    seat_id: UUID,
    bid_id: UUID,
    passed: bool,
    code: str,
    clause: str,
    fact: str,
    page: int | None,
    actor: str,
    now: datetime,
) -> ReviewVote:
    """Vote on one bid; a refusal names code, clause and fact. Votes may change until the close."""
    del actor  # the vote stays secret until the close; the command's record names who acted
    panel, seat = at_work(panel_id, seat_id, state="REVIEW")
    bid = _of_panel(panel, bid_id)
    if not passed and not (_CODE.fullmatch(code) and clause.strip() and fact.strip()):
        raise Refusal("S-033")
    if passed and proposal_for(bid, panel.lot) is not None:
        raise Refusal("S-034")
    grounds = {"code": code, "clause": clause, "fact": fact, "page": page}
    nothing = {"code": "", "clause": "", "fact": "", "page": None}
    row, _ = ReviewVote.objects.update_or_create(
        seat=seat,
        bid=bid,
        defaults={"passed": passed, "at": now, **(nothing if passed else grounds)},
    )
    tasks.settle(panel, now=now)
    return row


def close(*, panel_id: UUID, seat_id: UUID, seed: bytes, actor: str, now: datetime) -> Panel:
    """Count all votes; go on to scoring, or to the report where nothing is left to compare.

    Nothing is left when all are rejected, and in track G when fewer than three conform
    (GPL Art. 36, MOF87 Art. 43): then the panel only says so.
    """
    panel, seat = at_work(panel_id, seat_id, state="REVIEW")
    may_lead(panel=panel, seat=seat).or_raise()
    bids, seats = panels.compared(panel.lot), panels.members(panel)
    missing = (
        len(bids) * len(seats) - ReviewVote.objects.filter(seat__in=seats, bid__in=bids).count()
    )
    if missing:
        raise Refusal("S-035", count=missing)
    decided = [_decide(panel, bid, seats, actor=actor, now=now) for bid in bids]
    valid = [row.bid_id for row in decided if row.passed]
    if len(valid) < _least(panel.lot):
        conclude(panel, actor=actor, now=now)
        return panel
    ties = tie_draws.commit(panel, seed=seed, now=now)
    panels.move(panel, "score", actor=actor, now=now)
    _announce(panel, ties, actor=actor, now=now)
    tasks.settle(panel, now=now)
    return panel


def proposal_for(bid: Bid, lot: Lot) -> reviewing.Proposal | None:
    """Return the rejection the figures call for, if they do."""
    return reviewing.proposal(
        price_fen=price_of(bid),
        ceiling_fen=lot.ceiling_fen,
        track=lot.tender.legal_track,
    )


def _announce(panel: Panel, ties: TieDraw, *, actor: str, now: datetime) -> None:
    event = ScoringStarted(tie_commitment=ties.commitment)
    panels.tell(panel, event, actor=actor, now=now)


def _of_panel(panel: Panel, bid_id: UUID) -> Bid:
    found = next((bid for bid in panels.compared(panel.lot) if bid.pk == bid_id), None)
    if found is None:
        raise Refusal("S-036")
    return found


def _decide(
    panel: Panel, bid: Bid, seats: Sequence[Seat], *, actor: str, now: datetime
) -> ReviewDecision:
    numbers = {seat.pk: seat.number for seat in seats}
    decision = reviewing.decide(
        [
            reviewing.Vote(
                seat=numbers[row.seat_id],
                passed=row.passed,
                code=row.code,
                clause=row.clause,
                fact=row.fact,
                page=row.page,
            )
            for row in ReviewVote.objects.filter(bid=bid, seat__in=seats)
        ]
    )
    row = ReviewDecision.objects.create(
        bid=bid,
        panel=panel,
        passed=decision.passed,
        code=decision.code,
        clause=decision.clause,
        fact=decision.fact,
        page=decision.page,
        votes_for=decision.votes_for,
        votes_against=decision.votes_against,
        at=now,
    )
    event = BidReviewed(
        bid=bid.pk,
        passed=row.passed,
        code=row.code,
        clause=row.clause,
        votes_for=row.votes_for,
        votes_against=row.votes_against,
    )
    panels.tell(panel, event, actor=actor, now=now)
    return row


def _least(lot: Lot) -> int:
    rules = rules_of(lot.tender.legal_track, lot.tender.procedure)
    # O12 Art. 27: in track T fewer than three after rejection may still compete.
    return rules.minimum_bids if lot.tender.legal_track == "G" else 1
