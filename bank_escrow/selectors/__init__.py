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

__all__ = [
    "DepositState",
    "DepositVerdict",
    "RefundProgress",
    "deposit_state",
    "refund_progress",
    "verdict_of",
    "verdicts",
]
