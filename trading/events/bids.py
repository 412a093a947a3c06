"""What happens to a party and its bid; written to the party's own stream only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class LotJoined(DomainEvent):
    """A firm joined the lot, alone or as lead of a consortium."""

    name: ClassVar[str] = "party.joined"
    consortium: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BidReceived(DomainEvent):
    """A sealed bid arrived whole before the deadline, passed every check and has its receipt."""

    name: ClassVar[str] = "bid.received"
    bid: UUID
    receipt: str
    received_at: str
    size: int
    ct_root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BidSuperseded(DomainEvent):
    """A later bid of the same party took the place of this one; it will never be opened."""

    name: ClassVar[str] = "bid.superseded"
    bid: UUID
    by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class BidWithdrawn(DomainEvent):
    """The bidder took its bid back before the deadline (撤回), at no cost."""

    name: ClassVar[str] = "bid.withdrawn"
    bid: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRefused(DomainEvent):
    """A submission was refused: late, not sealed, or not what its signature says."""

    name: ClassVar[str] = "bid.refused"
    submission: UUID
    received_at: str
    code: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsDownloaded(DomainEvent):
    """The party took a version of the tender documents."""

    name: ClassVar[str] = "documents.downloaded"
    document: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotClosed(DomainEvent):
    """The deadline passed and the lot takes no more bids; how many there are is not said."""

    name: ClassVar[str] = "lot.closed"
    deadline_at: str
