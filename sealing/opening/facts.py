"""The opening document with its entries read: the ground that all checks stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sealing import header as headers
from sealing.entries import (
    BidReceived,
    BidSuperseded,
    BidWithdrawn,
    Entry,
    KeyPublished,
    OpeningResult,
    RecoveryPublished,
    ShareRecovered,
    ShareReleased,
    TenderClosed,
    parse,
)
from sealing.errors import Code, SealingError
from sealing.header import Header
from sealing.log import Logged
from sealing.opening.document import GoneBid, LiveBid, Opening

E = TypeVar("E", bound=Entry)
F = TypeVar("F", bound=Entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A bid that was received, read."""

    logged: Logged
    entry: BidReceived
    leaf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Live(Received):
    """A bid that was in at the deadline."""

    bid: LiveBid
    header: Header


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone(Received):
    """A bid that ended before the deadline."""

    bid: GoneBid
    end: BidSuperseded | BidWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Every entry of the document, of the right kind and of this lot."""

    opening: Opening
    key: KeyPublished
    close: TenderClosed
    result: OpeningResult
    live: tuple[Live, ...]
    gone: tuple[Gone, ...]
    releases: tuple[tuple[Logged, ShareReleased | ShareRecovered], ...]
    recovery: RecoveryPublished | None

    @property
    def received(self) -> tuple[Received, ...]:
        """All bids that were ever received."""
        return (*self.live, *self.gone)

    @property
    def close_index(self) -> int:
        """The tick of the deadline."""
        return self.opening.close.proof.index


def read(opening: Opening) -> Facts:
    """Read all entries; one of another kind, tender, lot or envelope is refused."""

    def entry(logged: Logged, kind: type[E], or_kind: type[F] | None = None) -> E | F:
        made = parse(logged.entry)
        if not isinstance(made, kind) and (or_kind is None or not isinstance(made, or_kind)):
            raise SealingError(Code.ENTRY, f"a {made.kind} entry where it does not belong")
        for name in ("tender", "lot", "envelope"):
            wanted = getattr(opening, name)
            # The host key is the tender's: its entry names no lot.
            if getattr(made, name, wanted) != wanted:
                raise SealingError(Code.ENTRY, f"a {made.kind} entry of another {name}")
        return made

    return Facts(
        opening=opening,
        key=entry(opening.key, KeyPublished),
        close=entry(opening.close, TenderClosed),
        result=entry(opening.result, OpeningResult),
        live=tuple(
            Live(
                bid=bid,
                logged=bid.receive,
                entry=entry(bid.receive, BidReceived),
                leaf=bid.receive.leaf,
                header=headers.parse(bid.header),
            )
            for bid in opening.bids
        ),
        gone=tuple(
            Gone(
                bid=bid,
                logged=bid.receive,
                entry=entry(bid.receive, BidReceived),
                leaf=bid.receive.leaf,
                end=entry(bid.end, BidSuperseded, BidWithdrawn),
            )
            for bid in opening.gone
        ),
        releases=tuple(
            (one, entry(one, ShareReleased, ShareRecovered)) for one in opening.releases
        ),
        recovery=None if opening.recovery is None else entry(opening.recovery, RecoveryPublished),
    )
