"""What every bank can be asked, and the only answers there are.

No method raises for anything a bank or a network does: an answer says what is known. Above all
`Unknown` is an answer. `Failed` is made only from the closed list of the bank's profile, and
`NotSent` only where the transport proves that no byte left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol
from uuid import UUID

from bank_escrow.domain.interest import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class BankProfile:
    """What is agreed with one bank."""

    code: str
    name: str
    number: int
    day_switches_at: time
    # No sending so shortly before the bank's day ends.
    quiet: timedelta
    call_timeout: timedelta
    charset: str
    fail_codes: frozenset[str]
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """An instruction in full, as it goes on the wire."""

    serial: str
    account: str
    original_ref: str
    payee_name: str
    payee_account: str
    amount_fen: int
    purpose: str
    with_interest: bool
    remark: str
    valid_on: date


# Answers about a payment -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Paid."""

    serial: str
    bank_day: date
    amount_fen: int
    payee_account: str
    interest_fen: int
    bank_ref: str
    settled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Not paid on this bank day and never will be, by a code of the closed list."""

    serial: str
    bank_day: date
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """Taken in; ask later."""

    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound:
    """The bank's books do not know it at this moment. This is not a failure."""

    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nothing is known; `why` is for the people who look into it."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """Not one byte left the house."""

    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """Stopped: from this bank day on the order will never be paid, not even out of a queue."""

    bank_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLate:
    """It has an end already; a query tells which."""


Sent = Done | Failed | Processing | Unknown | NotSent
Asked = Done | Failed | Processing | NotFound | Unknown


# What a bank reports -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A booking in the bank's own books."""

    bank_ref: str
    account: str
    incoming: bool
    kind: str
    amount_fen: int
    currency: str
    bank_day: date
    booked_at: datetime
    counterparty_name: str
    counterparty_account: str
    personal: bool
    remark: str
    serial: str

    # The kinds every dialect is brought to.
    TRANSFER_IN = "TRANSFER_IN"
    RETURN_IN = "RETURN_IN"
    INTEREST = "INTEREST"
    REFUND_OUT = "REFUND_OUT"
    INTEREST_OUT = "INTEREST_OUT"
    FORFEIT_OUT = "FORFEIT_OUT"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReport:
    """A payment reached its end, the bank says without having been asked."""

    outcome: Done | Failed | Processing


Seen = Entry | PaymentReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Entries in the order of their booking, and where to go on."""

    entries: tuple[Entry, ...]
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEnd:
    """A closed bank day; `sums_hold` says whether its own arithmetic is right."""

    day: date
    version: int
    final: bool
    opening_fen: int
    closing_fen: int
    rows: tuple[Entry, ...]
    sums_hold: bool
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReady:
    """The bank says that the day has not been closed yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account the bank opened for us."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Raw words of a bank with its proof of origin already checked."""

    nonce: str
    body: bytes = field(repr=False)


class Unreadable(ValueError):  # noqa: N818 - said of a message, not of the program
    """An authentic message that does not have the agreed shape."""


class BankAdapter(Protocol):
    """One bank, whatever its dialect; the same conformance tests run against each."""

    @property
    def profile(self) -> BankProfile:
        """What is agreed with this bank."""
        ...

    def ping(self) -> bool:
        """Say whether the bank answers."""
        ...

    def open_sub_account(self, *, request: UUID, parent: str, name: str) -> Account | Unknown:
        """Open an account; the same request gives the same account for ever."""
        ...

    def encode(self, order: PaymentOrder) -> bytes:
        """Write an order; the same order gives the same bytes.

        Raises `UnicodeEncodeError` for a character the bank's charset lacks: a question mark in a
        payee's name would send the money back.
        """
        ...

    def decode(self, wire: bytes) -> PaymentOrder:
        """Read back an order we wrote, to compare it with what was signed."""
        ...

    def send(self, wire: bytes) -> Sent:
        """Send an order once."""
        ...

    def query(self, *, serial: str, bank_day: date) -> Asked:
        """Ask what became of an order."""
        ...

    def cancel(self, *, serial: str, bank_day: date) -> Barred | TooLate | Unknown:
        """Have an order stopped that was not paid, for ever."""
        ...

    def intraday(self, *, cursor: str, until: date) -> Page | Unknown:
        """Read on in the bank's bookings."""
        ...

    def statement(self, *, parent: str, day: date) -> DayEnd | NotReady | Unknown:
        """Read a closed day."""
        ...

    def authenticate(
        self, *, headers: Mapping[str, str], target: str, body: bytes, now: float
    ) -> Notice | None:
        """Check who speaks, before anything is parsed; `now` is real Unix time."""
        ...

    def parse(self, body: bytes) -> tuple[Seen, ...]:
        """Read an authentic notice, or raise `Unreadable`."""
        ...
