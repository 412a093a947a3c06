"""Acts on money. Import the act you need from its module; `due.tick` does what time made due."""

from __future__ import annotations

from bank_escrow.services.accounts import IssuedAccount, issue_account
from bank_escrow.services.forfeits import (
    configure_forfeit_account,
    confirm_forfeit_account,
    forfeit,
)
from bank_escrow.services.holds import freeze, unfreeze
from bank_escrow.services.orders import order_refunds, return_before_opening
from bank_escrow.services.refunds import approve, cancel, refuse, release, submit
from bank_escrow.services.requirements import lock, move_cutoff, open_requirement, unseal, waive

__all__ = [
    "IssuedAccount",
    "approve",
    "cancel",
    "configure_forfeit_account",
    "confirm_forfeit_account",
    "forfeit",
    "freeze",
    "issue_account",
    "lock",
    "move_cutoff",
    "open_requirement",
    "order_refunds",
    "refuse",
    "release",
    "return_before_opening",
    "submit",
    "unfreeze",
    "unseal",
    "waive",
]
