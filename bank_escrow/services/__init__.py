"""Acts on money. Import the act you need from its module; `due.tick` does what time made due."""

from __future__ import annotations

from bank_escrow.domain.matching import AccountPolicy, PayerIdentity
from bank_escrow.domain.papers import Claim, Ground, Issuer, Letter, valid_until
from bank_escrow.domain.refund_dates import Basis
from bank_escrow.services.accounts import IssuedAccount, issue_account
from bank_escrow.services.forfeits import forfeit, set_forfeit_account
from bank_escrow.services.grounds import order_refunds
from bank_escrow.services.holds import freeze, unfreeze
from bank_escrow.services.orders import return_before_opening
from bank_escrow.services.papers import check as check_paper
from bank_escrow.services.papers import hand_in as hand_in_paper
from bank_escrow.services.papers import release as release_papers
from bank_escrow.services.papers import take_back as take_back_paper
from bank_escrow.services.refunds import approve, cancel, refuse, release, submit
from bank_escrow.services.requirements import lock, move_cutoff, open_requirement, unseal

__all__ = [
    "AccountPolicy",
    "Basis",
    "Claim",
    "Ground",
    "IssuedAccount",
    "Issuer",
    "Letter",
    "PayerIdentity",
    "approve",
    "cancel",
    "check_paper",
    "forfeit",
    "freeze",
    "hand_in_paper",
    "issue_account",
    "lock",
    "move_cutoff",
    "open_requirement",
    "order_refunds",
    "refuse",
    "release",
    "release_papers",
    "return_before_opening",
    "set_forfeit_account",
    "submit",
    "take_back_paper",
    "unfreeze",
    "unseal",
    "valid_until",
]
