"""A story as values: what the JSON says, read once and never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

JSON = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """An organisation that registers on the platform."""

    key: str
    name: str
    credit_code: str
    basic_account: str
    small_business: bool
    employs: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """A question about the documents, and its answer."""

    by: str
    at: datetime
    text: str
    answer: str
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """An addendum, with a new deadline where it moves it."""

    at: datetime
    summary: str
    new_deadline_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """The head of the tender."""

    legal_track: str
    procedure: str
    category: str
    title: str
    host_site: str
    guest_sites: Sequence[str]
    procuring_entity: str
    agency: str | None
    published_at: datetime
    documents_issued_at: datetime
    deadline_at: datetime
    decrypt_minutes: int
    consortium_allowed: bool
    opening_order: str
    enquiries: Sequence[Enquiry]
    amendments: Sequence[Amendment]

    @property
    def last_deadline(self) -> datetime:
        """The deadline that decides: the last one announced."""
        moved = [one.new_deadline_at for one in self.amendments if one.new_deadline_at]
        return moved[-1] if moved else self.deadline_at

    @property
    def host(self) -> str:
        """The key of the firm that works the tender: the agency, else the procuring entity."""
        return self.agency or self.procuring_entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """One lot; its formula, criteria and rules stay as the JSON has them."""

    key: str
    number: str
    title: str
    estimate_fen: int
    ceiling_fen: int | None
    bid_security_fen: int
    price_formula: JSON
    criteria: Sequence[JSON]
    outlier_rule: JSON | None
    tie_rule: Sequence[str]
    candidates: int
    max_lots_won: int | None

    @property
    def scored(self) -> tuple[str, ...]:
        """The criteria members score: those without parts, the price left out."""
        parents = {row.get("part_of") for row in self.criteria}
        return tuple(
            row["key"]
            for row in self.criteria
            if row["kind"] != "price" and row["key"] not in parents
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BidFile:
    """A file of a bid: from disk, or generated from a seed."""

    part: str
    name: str
    path: Path | None
    pages: int
    seed: int
    megabytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """How the bid security is given; what is empty is as the firm would do it."""

    form: str
    amount_fen: int | None
    payer_name: str | None
    payer_account: str | None
    booked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a bidder did before (or after) its final submission."""

    act: str
    at: datetime
    price_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """One bidder's part in one lot."""

    key: str
    lot: str
    bidder: str
    consortium: Sequence[str]
    price_fen: int
    duration_days: int
    quality: str
    manager: str
    claims: JSON
    files: Sequence[BidFile]
    security: Security
    submitted_at: datetime
    earlier: Sequence[Earlier]
    fault: str
    answer_to_record: str
    objection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of the panel."""

    key: str
    name: str
    site: str
    specialty: str
    employer: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A bid the panel rejects, and who votes against that."""

    bid: str
    code: str
    clause: str
    fact: str
    against: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A winner that is not the first candidate, and the legal reason."""

    bid: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The whole story."""

    seed: int
    title: str
    centre: str
    starts_at: datetime
    tender: Tender
    firms: Mapping[str, Firm]
    lots: Sequence[Lot]
    bids: Sequence[Bid]
    members: Sequence[Member]
    leader: str
    reviews: Mapping[str, Review]
    scores: Mapping[tuple[str, str, str], str]  # (member, bid, criterion) → score
    dissents: Mapping[str, str]
    awards: Mapping[str, Choice]

    @property
    def sites(self) -> tuple[str, ...]:
        """Every region with a part in the story, the centre's first."""
        seen = [self.centre, self.tender.host_site, *self.tender.guest_sites]
        seen += [member.site for member in self.members]
        return tuple(dict.fromkeys(seen))

    def bids_of(self, lot: str) -> list[Bid]:
        """Return the bids for a lot."""
        return [bid for bid in self.bids if bid.lot == lot]
