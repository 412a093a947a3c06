"""The posting table: which event moves money between which accounts (`bank.md` §2.3).

An account's code is `kind:class:owner`. `A:BANK:<bank>` is our claim on the bank; everything else
is what we owe, so that a freeze, a refund under way or a forfeit is an account and never a flag,
and the sum of an account is the figure on the screen. Every line has one debit, one credit and a
positive amount: it balances by its shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID


class Class(StrEnum):
    """Where money can lie."""

    BANK = "BANK"
    INBOX = "INBOX"
    SUSPENSE = "SUSPENSE"
    FROZEN = "FROZEN"
    HELD = "HELD"
    REFUNDING = "REFUNDING"
    FORFEIT = "FORFEIT"
    INTEREST = "INTEREST"
    # Interest that goes with money kept back: the state treasury's or the tenderer's, not ours.
    KEPT_INTEREST = "KEPT_INTEREST"


ASSETS: Final = frozenset({Class.BANK})
OF_BANK: Final = frozenset({Class.BANK, Class.INBOX, Class.KEPT_INTEREST})


class Posting(StrEnum):
    """What happened to money."""

    CREDIT_SEEN = "CREDIT_SEEN"
    COUNTED = "COUNTED"
    SET_ASIDE = "SET_ASIDE"
    UNCOUNTED = "UNCOUNTED"
    COUNTED_AFTER_ALL = "COUNTED_AFTER_ALL"
    FREEZE = "FREEZE"
    UNFREEZE = "UNFREEZE"
    REFUND_APPROVED = "REFUND_APPROVED"
    REFUND_APPROVED_SUSPENSE = "REFUND_APPROVED_SUSPENSE"
    REFUND_DONE = "REFUND_DONE"
    REFUND_FAILED = "REFUND_FAILED"
    REFUND_FAILED_SUSPENSE = "REFUND_FAILED_SUSPENSE"
    RETURNED = "RETURNED"
    RETURNED_SUSPENSE = "RETURNED_SUSPENSE"
    INTEREST_BOOKED = "INTEREST_BOOKED"
    INTEREST_PAID = "INTEREST_PAID"
    INTEREST_KEPT = "INTEREST_KEPT"
    FORFEIT_APPROVED = "FORFEIT_APPROVED"
    FORFEIT_DONE = "FORFEIT_DONE"
    FORFEIT_FAILED = "FORFEIT_FAILED"


TABLE: Final[Mapping[Posting, tuple[Class, Class]]] = MappingProxyType(
    {
        Posting.CREDIT_SEEN: (Class.BANK, Class.INBOX),
        Posting.COUNTED: (Class.INBOX, Class.FROZEN),
        Posting.SET_ASIDE: (Class.INBOX, Class.SUSPENSE),
        Posting.UNCOUNTED: (Class.FROZEN, Class.SUSPENSE),
        Posting.COUNTED_AFTER_ALL: (Class.SUSPENSE, Class.FROZEN),
        Posting.FREEZE: (Class.FROZEN, Class.HELD),
        Posting.UNFREEZE: (Class.HELD, Class.FROZEN),
        Posting.REFUND_APPROVED: (Class.FROZEN, Class.REFUNDING),
        Posting.REFUND_APPROVED_SUSPENSE: (Class.SUSPENSE, Class.REFUNDING),
        Posting.REFUND_DONE: (Class.REFUNDING, Class.BANK),
        Posting.REFUND_FAILED: (Class.REFUNDING, Class.FROZEN),
        Posting.REFUND_FAILED_SUSPENSE: (Class.REFUNDING, Class.SUSPENSE),
        # 退汇 puts the money where a new refund can take it from.
        Posting.RETURNED: (Class.BANK, Class.FROZEN),
        Posting.RETURNED_SUSPENSE: (Class.BANK, Class.SUSPENSE),
        Posting.INTEREST_BOOKED: (Class.BANK, Class.INTEREST),
        Posting.INTEREST_PAID: (Class.INTEREST, Class.BANK),
        Posting.INTEREST_KEPT: (Class.BANK, Class.KEPT_INTEREST),
        Posting.FORFEIT_APPROVED: (Class.FROZEN, Class.FORFEIT),
        Posting.FORFEIT_DONE: (Class.FORFEIT, Class.BANK),
        Posting.FORFEIT_FAILED: (Class.FORFEIT, Class.FROZEN),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One movement: from the credit side of one account to the debit side of another."""

    debit: str
    credit: str
    amount_fen: int

    def __post_init__(self) -> None:
        if self.amount_fen <= 0:
            raise ValueError("a line moves a positive amount")
        if self.debit == self.credit:
            raise ValueError("a line has two sides")


def line(posting: Posting, *, bank: str, owner: UUID | None, amount_fen: int) -> Line:
    """Write one line of the table; without an owner the bank's common account stands in."""
    debit, credit = TABLE[posting]
    return Line(
        debit=account(debit, bank=bank, owner=owner),
        credit=account(credit, bank=bank, owner=owner),
        amount_fen=amount_fen,
    )


def account(what: Class, *, bank: str, owner: UUID | None) -> str:
    """Return the code of an account."""
    side = "A" if what in ASSETS else "L"
    return f"{side}:{what}:{bank if owner is None or what in OF_BANK else owner}"
