"""To whom money may go: back to the account that paid, or to a configured, approved account.

No form has a field for an account number. A refund's payee is read off the bank's own record of
the payment; a forfeit's payee is an account that two persons configured beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bank_escrow.domain.names import account_number


class Purpose(StrEnum):
    """Why money leaves."""

    REFUND = "REFUND"
    FORFEIT = "FORFEIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A name and an account number at a bank."""

    name: str
    account: str


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
