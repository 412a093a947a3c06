"""What happens to a tender before its deadline; public facts on the tender's public stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderDrafted(DomainEvent):
    """A tender was begun; on the staff stream."""

    name: ClassVar[str] = "tender.drafted"
    code: str
    predecessor: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderEdited(DomainEvent):
    """Fields of a draft were changed; on the staff stream."""

    name: ClassVar[str] = "tender.edited"
    fields: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKeyRegistered(DomainEvent):
    """The public half of a host key was registered with its three holders; staff stream."""

    name: ClassVar[str] = "host_key.registered"
    kid: str
    suite: str
    holders: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostKeyTested(DomainEvent):
    """Two holders re-loaded their files and opened a test box; staff stream."""

    name: ClassVar[str] = "host_key.tested"
    kid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomBooked(DomainEvent):
    """The opening room was booked at the deadline; staff stream."""

    name: ClassVar[str] = "room.booked"
    booking: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderPublished(DomainEvent):
    """The tender notice was published."""

    name: ClassVar[str] = "tender.published"
    notice: UUID
    deadline_at: str
    host_kid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsIssued(DomainEvent):
    """A version of the documents can be downloaded from now on."""

    name: ClassVar[str] = "documents.issued"
    version: int
    files: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryAsked(DomainEvent):
    """Somebody asked about the documents; staff stream, without the asker."""

    name: ClassVar[str] = "enquiry.asked"
    enquiry: UUID
    is_objection: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryAnswered(DomainEvent):
    """An enquiry was answered for everybody; who asked is not said."""

    name: ClassVar[str] = "enquiry.answered"
    enquiry: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderAmended(DomainEvent):
    """The documents changed; perhaps the deadline moved with them."""

    name: ClassVar[str] = "tender.amended"
    notice: UUID
    version: int
    deadline_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderSuspended(DomainEvent):
    """The tender stands still; its deadline waits."""

    name: ClassVar[str] = "tender.suspended"
    notice: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderResumed(DomainEvent):
    """The tender goes on with what was left of its time."""

    name: ClassVar[str] = "tender.resumed"
    notice: UUID
    deadline_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderCompleted(DomainEvent):
    """Every lot came to its end, with a contract or without."""

    name: ClassVar[str] = "tender.completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTerminated(DomainEvent):
    """The tenderer ended the tender before an award (TBR Art. 31)."""

    name: ClassVar[str] = "tender.terminated"
    notice: UUID
    reason: str
