"""The books after a test: every step of every test leaves the trial balance at zero."""

from __future__ import annotations

from django.db import connection

from bank_escrow.services.check import check, trial_balance_fen


def anything_is_booked() -> bool:
    """Tell whether there is anything to check, in one question."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM bank_escrow_journalline)"
            " OR EXISTS (SELECT FROM bank_escrow_ledgeraccount WHERE dp <> 0 OR cp <> 0)"
        )
        (booked,) = cursor.fetchone()
    return bool(booked)


def assert_balanced() -> None:
    """Debits are credits, now."""
    left_over = trial_balance_fen()
    assert left_over == 0, f"the trial balance is {left_over} fen"


def assert_sound() -> None:
    """Every invariant of the ledger holds, now."""
    assert_balanced()
    broken = [answer for answer in check() if not answer.holds]
    assert not broken, broken
