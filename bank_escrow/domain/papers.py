"""What a bidder may bring instead of money, and what is wrong with it at first sight.

A letter of guarantee (保函) is as good as a transfer; which issuer the bidder chooses is its own
business. A waiver (免缴) is the bidder's claim of a ground that the tender documents give. Nobody
grants it before the opening, for whoever grants it would learn who bids (TBL Art. 22).

Judged here is only what the typed facts show. Whether the letter is genuine and says what was
typed, and whether the ground is true, the tenderer's side looks up after the opening.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from core.zone import local_day


class Issuer(StrEnum):
    """Who stands behind a letter."""

    BANK = "BANK"
    INSURER = "INSURER"
    GUARANTOR = "GUARANTOR"


class Ground(StrEnum):
    """Why a bidder need not pay."""

    SMALL_BUSINESS = "SMALL_BUSINESS"
    CREDIT = "CREDIT"
    DOCUMENTS = "DOCUMENTS"


class PaperCode(StrEnum):
    """What is wrong with a paper, in the order in which it is told."""

    GUARANTEE_REFUSED = "GUARANTEE_REFUSED"
    WAIVER_REFUSED = "WAIVER_REFUSED"
    AMOUNT_SHORT = "AMOUNT_SHORT"
    VALIDITY_SHORT = "VALIDITY_SHORT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter of guarantee as its bidder describes it."""

    number: str
    issuer: str
    issuer_kind: Issuer
    amount_fen: int
    valid_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A waiver as its bidder claims it: the ground, and where the documents give it."""

    ground: Ground
    clause: str


def valid_until(cutoff_at: datetime, *, days: int) -> date:
    """Return the last day a letter must cover: a security runs as long as the bid (TBR Art. 26)."""
    return local_day(cutoff_at) + timedelta(days=days)


def faults(letter: Letter, *, required_fen: int, until: date) -> tuple[PaperCode, ...]:
    """Return what the letter's own facts fall short of."""
    found = []
    if letter.amount_fen < required_fen:
        found.append(PaperCode.AMOUNT_SHORT)
    if letter.valid_to < until:
        found.append(PaperCode.VALIDITY_SHORT)
    return tuple(found)


def written(paper: Letter | Claim) -> dict[str, Any]:
    """Return a paper as JSON values, to be sealed."""
    body = asdict(paper)
    if isinstance(paper, Letter):
        body["valid_to"] = paper.valid_to.isoformat()
    return body


def read_letter(body: dict[str, Any]) -> Letter:
    """Return the letter that `written` wrote."""
    facts = {
        "issuer_kind": Issuer(body["issuer_kind"]),
        "valid_to": date.fromisoformat(body["valid_to"]),
    }
    return Letter(**body | facts)


def read_claim(body: dict[str, Any]) -> Claim:
    """Return the claim that `written` wrote."""
    return Claim(ground=Ground(body["ground"]), clause=body["clause"])
