"""What may be read of deposits: a bidder its own, finance what is unsealed, nobody the rest."""

from __future__ import annotations

from bank_escrow.selectors.mine import DepositState, deposit_state
from bank_escrow.selectors.opened import (
    DepositVerdict,
    RefundProgress,
    refund_progress,
    verdict_of,
    verdicts,
)
from bank_escrow.selectors.papers import (
    OpenedPaper,
    PaperState,
    opened_paper_file,
    own_paper_file,
    papers,
)
from bank_escrow.words import GROUNDS, ISSUERS

__all__ = [
    "GROUNDS",
    "ISSUERS",
    "DepositState",
    "DepositVerdict",
    "OpenedPaper",
    "PaperState",
    "RefundProgress",
    "deposit_state",
    "opened_paper_file",
    "own_paper_file",
    "papers",
    "refund_progress",
    "verdict_of",
    "verdicts",
]
