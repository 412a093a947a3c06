"""What a bidder may know of the result of its lot, and what it can still do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trading.models import Award, Candidate, Notice, QualificationReview, ResultObjection
from trading.selectors.bids import OwnPart
from trading.services.result_objections import open_until

_TOLD = frozenset({"NOTICE_SENT", "CONTRACTED", "ARCHIVED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result as published so far: candidates after their notice, the winner after its own."""

    candidates: tuple[Candidate, ...]
    own: Candidate | None
    won: bool | None
    winner_price_fen: int | None
    rejected: bool
    review: QualificationReview | None  # a failed qualification, with clause and fact
    publicity_ends_at: datetime | None
    objections: tuple[ResultObjection, ...]
    objectable_until: datetime | None


def outcome_of(part: OwnPart) -> Outcome:
    """Return the outcome for this bidder; nothing comes out of it before its notice."""
    lot, live = part.lot, part.live
    shown = lot.notices.filter(kind=Notice.Kind.CANDIDATES).first()
    told = lot.state in _TOLD
    candidates = tuple(lot.candidates.select_related("bid__seat__organisation")) if shown else ()
    award = Award.objects.filter(lot=lot).first() if told else None
    until = open_until(lot)
    return Outcome(
        candidates=candidates,
        own=next((row for row in candidates if live and row.bid_id == live.pk), None),
        won=None if award is None else live is not None and award.bid_id == live.pk,
        winner_price_fen=award.price_fen if award else None,
        rejected=live is not None and live.state == "REJECTED",
        review=QualificationReview.objects.filter(bid=live, passed=False).first() if live else None,
        publicity_ends_at=shown.ends_at if shown else None,
        objections=tuple(ResultObjection.objects.filter(lot=lot, party=part.party)),
        objectable_until=until if until is not None and part.now < until else None,
    )
