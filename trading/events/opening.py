"""What happens in an opening hall. Unless said otherwise: on the lot's public stream.

Bodies carry all a client needs to draw the next state; `realtime` adds nothing to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from core.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntered(DomainEvent):
    """The opening went on to another stage; `ends_at` is the end of its timer, if it has one."""

    name: ClassVar[str] = "hall.stage"
    stage: str
    ends_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostNamed(DomainEvent):
    """Who sits on the rostrum: host, recorder, supervisor, witness, by name."""

    name: ClassVar[str] = "hall.staff"
    staff: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(DomainEvent):
    """The party signed in to the hall; on the party's own stream, by whose hand is the actor."""

    name: ClassVar[str] = "hall.signed_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(DomainEvent):
    """How many bids there are; on the staff stream, since the list is not public yet."""

    name: ClassVar[str] = "hall.counted"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(DomainEvent):
    """The list of bidders: seat, name, members, time of receipt, whether signed in."""

    name: ClassVar[str] = "hall.listed"
    seats: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatGiven(DomainEvent):
    """Which seat is mine; on the party's own stream."""

    name: ClassVar[str] = "hall.seat"
    seat: int
    bid: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PartiesSeated(DomainEvent):
    """Which party sits where, for the desk's answers to calls; on the staff stream."""

    name: ClassVar[str] = "hall.parties"
    parties: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositsShown(DomainEvent):
    """The verdict on each bidder's security, by seat."""

    name: ClassVar[str] = "hall.deposits"
    deposits: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatDecrypted(DomainEvent):
    """A bidder released its key share and the share met its commitment."""

    name: ClassVar[str] = "hall.released"
    seat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFailed(DomainEvent):
    """A bidder's share did not meet the commitment in its sealed file; it may try again."""

    name: ClassVar[str] = "hall.release_failed"
    seat: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowExtended(DomainEvent):
    """The decryption window ends later, for the reason the host gave."""

    name: ClassVar[str] = "hall.extended"
    ends_at: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowReopened(DomainEvent):
    """Bidders may decrypt once more, for the reason the host gave; `seats` are those who had not.

    A seat comes with the code of a share that was tried in vain, or an empty one.
    """

    name: ClassVar[str] = "hall.reopened"
    ends_at: str
    reason: str
    seats: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed(DomainEvent):
    """A bid stays sealed for good: its share was not released, or opening it failed."""

    name: ClassVar[str] = "hall.lapsed"
    seat: int
    code: str
    attribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostReleased(DomainEvent):
    """Two holders of the host key released the tenderer's shares; opening has begun."""

    name: ClassVar[str] = "hall.host_released"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormsOpened(DomainEvent):
    """Every released bid was opened; how many could be read."""

    name: ClassVar[str] = "hall.opened"
    opened: int
    sealed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOut(DomainEvent):
    """The read-out (唱标): every opened form at once, with the ceiling."""

    name: ClassVar[str] = "hall.read_out"
    ceiling_fen: int | None
    lines: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised(DomainEvent):
    """A bidder objected to the opening (TBR Art. 44)."""

    name: ClassVar[str] = "hall.objection"
    objection: UUID
    seat: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionAnswered(DomainEvent):
    """The host answered an objection on the spot."""

    name: ClassVar[str] = "hall.objection_answered"
    objection: UUID
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDrawn(DomainEvent):
    """The record to be confirmed, by its hash."""

    name: ClassVar[str] = "hall.record"
    record_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswered(DomainEvent):
    """A bidder confirmed or contested the record, or was silent until the time ended."""

    name: ClassVar[str] = "hall.answered"
    seat: int
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended(DomainEvent):
    """The opening stands still; every timer with it."""

    name: ClassVar[str] = "hall.suspended"
    reason: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(DomainEvent):
    """The opening goes on; timers keep what was left of them."""

    name: ClassVar[str] = "hall.resumed"
    ends_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(DomainEvent):
    """A message: of the host to all, or between the host and one bidder on its own stream."""

    name: ClassVar[str] = "hall.message"
    message: UUID
    by_host: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHeard(DomainEvent):
    """A message between the host and one bidder, as the host's desk hears it: staff stream."""

    name: ClassVar[str] = "hall.call"
    message: UUID
    party: UUID
    by_host: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningEnded(DomainEvent):
    """The record was signed and the opening is over."""

    name: ClassVar[str] = "hall.ended"
    record_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningFailed(DomainEvent):
    """The lot ended without an award (流标); with fewer than three bids no number is said."""

    name: ClassVar[str] = "hall.failed"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPublished(DomainEvent):
    """The evidence of the opening was published: anybody can check it offline."""

    name: ClassVar[str] = "hall.document"
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HallWatched(DomainEvent):
    """A supervisor looked into a hall; on the `access` stream, with all looks of staff."""

    name: ClassVar[str] = "hall.watched"
    lot: UUID
