"""What a bidder may know of the result of its lot, and what it can still do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trading.models import Award, Candidate, Notice, QualificationReview, ResultObjection
from trading.selectors.bids import OwnPart
from trading.services.result_objections import open_until

_TOLD = frozenset({"NOTICE_SENT", "CONTRACTED", "ARCHIVED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why a bid was rejected, as the bidder is owed it: clause, fact, who, when."""

    code: str
    clause: str
    fact: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result as published so far: candidates after their notice, the winner after its own."""

    candidates: tuple[Candidate, ...]
    own: Candidate | None
    won: bool | None
    winner_price_fen: int | None
    rejection: Rejection | None
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
        rejection=_rejection(part) if shown or told or lot.state == "FAILED" else None,
        publicity_ends_at=shown.ends_at if shown else None,
        objections=tuple(ResultObjection.objects.filter(lot=lot, party=part.party)),
        objectable_until=until if until is not None and part.now < until else None,
    )


def _rejection(part: OwnPart) -> Rejection | None:
    bid = part.live
    if bid is None or bid.state != "REJECTED":
        return None
    review = QualificationReview.objects.filter(bid=bid, passed=False).first()
    if review is not None:
        return Rejection(
            code=bid.state_code,
            clause=review.clause,
            fact=review.fact,
            by=_("采购人（资格审查）"),
            at=review.at,
        )
    return Rejection(
        code=bid.state_code,
        clause=bid.clause,
        fact=bid.fact,
        by=_("评标委员会"),
        at=None,
    )
