"""To whom money may go: back to the account that paid, or to a configured, approved account.

A refund's payee is read off the bank's own record of the payment, and nobody can type one. A
forfeit's payee is the one account number that people enter: one from the tenderer's letter, and
another compares it with the letter, beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bank_escrow.domain.names import account_number, masked


class Purpose(StrEnum):
    """Why money leaves."""

    REFUND = "REFUND"
    FORFEIT = "FORFEIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A name and an account number at a bank."""

    name: str
    account: str

    @property
    def masked_account(self) -> str:
        """The account as pages show it."""
        return masked(self.account)


def payee(*, purpose: Purpose, payer: Party, forfeit_to: Party | None) -> Party:
    """Return who must receive the money."""
    if purpose is Purpose.REFUND:
        return payer
    if forfeit_to is None:
        raise LookupError("a forfeit needs a configured account")
    return forfeit_to


def is_same(one: Party, other: Party) -> bool:
    """Say whether two payees are the very same; a refund tolerates no variant of a name."""
    return one.name == other.name and account_number(one.account) == account_number(other.account)
