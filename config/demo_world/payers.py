"""Bidders pay their bid securities from another bank, where a bank is connected."""

from __future__ import annotations

import httpx
from django.conf import settings

from accounts.models import Organisation
from bank_escrow.services import IssuedAccount


def is_connected() -> bool:
    """Say whether there is a bank to pay into; without one nobody asks for an account."""
    return bool(settings.BANKS)


def pay(*, firm: Organisation, account: IssuedAccount, amount_fen: int, transfer: str) -> None:
    """Send money through the simulated bank's door for payers of other banks."""
    (address, *_) = settings.BANKS.values()
    answer = httpx.post(
        f"{address}/payer/transfer",
        json={
            "from_name": firm.name,
            "from_account": firm.basic_account,
            "to_account": account.number,
            "amount_fen": amount_fen,
            "remark": "投标保证金",
            "transfer_id": transfer,
        },
        timeout=20,
        trust_env=False,
    )
    answer.raise_for_status()
