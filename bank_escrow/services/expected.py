"""The interest a paid order should have brought: one reckoning for booking and for the check."""

from __future__ import annotations

from datetime import date

from bank_escrow import adapters
from bank_escrow.domain import interest
from bank_escrow.models import Instruction


def interest_fen(order: Instruction, *, paid_on: date | None) -> int | None:
    """Return the rule's interest for a payment of that bank day; None when the rule gives none.

    A day before the money came, or one without a rate, is the bank's word and a person's matter:
    it must not stop what else the bank has to say.
    """
    if not order.with_interest:
        return 0
    if paid_on is None:
        return None
    try:
        return interest.accrued(
            order.amount_fen,
            since=order.credit.bank_day,
            until=paid_on,
            rates=adapters.profile_for(order.bank_id).rates,
        )
    except (LookupError, ValueError):
        return None
