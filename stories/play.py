"""A story under way: what the runner has learnt so far, by the story's own keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sealing.keys import OpeningKey
from stories.cast import Cast
from stories.story import Bid, Lot, Story
from stories.system import System

if TYPE_CHECKING:
    from stories.browser import Browser


@dataclass(slots=True, kw_only=True)
class Submitted:
    """One submission that was taken in."""

    bid: str
    receipt_id: str
    receipt: str
    received_at: str


@dataclass(slots=True, kw_only=True)
class Part:
    """One bidder's part in one lot, as it goes."""

    key: OpeningKey
    party: str = ""
    account: str = ""
    live: Submitted | None = None
    receipts: list[Submitted] = field(default_factory=list)
    refused: str | None = None
    withdrawn: bool = False
    upload: str = ""  # where a late upload waits for its last byte
    sealed: Path | None = None
    seat: int | None = None


@dataclass(slots=True, kw_only=True)
class LotPart:
    """One lot, as it goes."""

    id: str = ""
    code: str = ""
    panel: str = ""
    draw: str = ""
    record_hash: str = ""
    failed: str | None = None
    seats: list[dict[str, Any]] = field(default_factory=list)  # the hall's last snapshot
    opening: dict[str, Any] | None = None
    case: dict[str, Any] | None = None
    winner: str | None = None
    contract_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A paper the platform issued; it is taken home at the end, under its seal."""

    name: str
    address: str
    is_public: bool


@dataclass(slots=True, kw_only=True)
class Play:
    """Story, system, people, and what came of them until now."""

    story: Story
    system: System
    cast: Cast
    work: Path  # papers and sealed files, gone at the end
    out: Path
    tender: str = ""
    tender_code: str = ""
    holders: tuple[bytes, ...] = ()
    host_key: dict[str, str] = field(default_factory=dict)
    lots: dict[str, LotPart] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    issued: list[Issued] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    at_browser: str | None = None  # the bid whose bidder sits at a real browser
    browser: Browser | None = None

    def lot_of(self, bid: Bid) -> LotPart:
        """Return the lot a bid is for."""
        return self.lots[bid.lot]

    def lot(self, key: str) -> Lot:
        """Return the story's lot."""
        return next(lot for lot in self.story.lots if lot.key == key)

    def keep(self, name: str, path: str, content: bytes) -> Path:
        """Put a paper into the output folder and remember it for the summary."""
        place = self.out / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        self.files[name] = path
        return place


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens, at its moment or as soon as the one before is done."""

    name: str
    do: Callable[[], None]
    at: datetime | None = None
