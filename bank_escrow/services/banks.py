"""The banks themselves: known by settings, asked for their health at a fixed cadence."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bank_escrow import adapters
from bank_escrow.models import Bank

HEALTH_EVERY = timedelta(minutes=1)
_PARENT_DIGITS = 16


def connected(now: datetime) -> list[Bank]:
    """Return the banks that settings name and whose keys are there, known ones and new ones."""
    found = []
    for code in adapters.codes():
        profile = adapters.profile_for(code)
        bank, _ = Bank.objects.get_or_create(
            code=code,
            defaults={
                "number": profile.number,
                # The pooled account is opened in the bank's books on first mention.
                "parent_account": _drawn_digits(),
                "created_at": now,
            },
        )
        found.append(bank)
    return found


def check_health(bank: Bank, *, now: datetime) -> None:
    """Ask whether the bank answers: once a minute whatever else happens, a silent one each time.

    Ordinary traffic must not refresh the answer: it would tell when somebody paid.
    """
    fresh = bank.checked_at is not None and now - bank.checked_at < HEALTH_EVERY
    if bank.is_up and fresh:
        return
    bank.is_up = _answers(bank.code)
    bank.checked_at = now.replace(second=0, microsecond=0)
    bank.save(update_fields=["is_up", "checked_at"])


def _answers(code: str) -> bool:
    try:
        return adapters.adapter_for(code).ping()
    except adapters.NoSuchBank:
        return False


def _drawn_digits() -> str:
    return "62" + "".join(str(secrets.randbelow(10)) for _ in range(_PARENT_DIGITS - 2))
