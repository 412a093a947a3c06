"""Preliminary review: what the majority decides, and what arithmetic already proposes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.formulas import Rejection, over_ceiling

CEILING_CLAUSE = {
    "T": "《招标投标法实施条例》第五十一条第五项",
    "G": "《政府采购货物和服务招标投标管理办法》第六十三条第四项",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One member's verdict on one bid."""

    seat: int
    passed: bool
    code: str = ""
    clause: str = ""
    fact: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The panel's verdict on one bid, with the grounds most of the majority named."""

    passed: bool
    code: str
    clause: str
    fact: str
    page: int | None
    votes_for: int
    votes_against: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rejection the figures call for; it is still voted on. Pages put the figures into words."""

    code: str
    clause: str
    price_fen: int
    ceiling_fen: int


def decide(votes: Sequence[Vote]) -> Decision:
    """Count the votes; a bid is rejected only by more than half of the members."""
    against = sorted((vote for vote in votes if not vote.passed), key=lambda vote: vote.seat)
    grounds = Vote(seat=0, passed=True)
    if rejected := 2 * len(against) > len(votes):
        codes = Counter(vote.code for vote in against)
        # Counter keeps the order of first appearance, so the lowest seat decides between equals.
        code = codes.most_common(1)[0][0]
        grounds = next(vote for vote in against if vote.code == code)
    return Decision(
        passed=not rejected,
        code=grounds.code,
        clause=grounds.clause,
        fact=grounds.fact,
        page=grounds.page,
        votes_for=len(votes) - len(against),
        votes_against=len(against),
    )


def proposal(*, price_fen: int, ceiling_fen: int | None, track: str) -> Proposal | None:
    """Propose the rejection of a price above the ceiling (equal is fine), with the figures."""
    if ceiling_fen is None or not over_ceiling(price_fen, ceiling_fen):
        return None
    return Proposal(
        code=Rejection.PRICE_HIGH.value,
        clause=CEILING_CLAUSE.get(track, CEILING_CLAUSE["T"]),
        price_fen=price_fen,
        ceiling_fen=ceiling_fen,
    )
