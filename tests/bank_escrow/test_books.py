"""The check that follows every test sees books that somebody forged."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests import books


def forge(sql: str) -> None:
    """Write past every trigger, as only a superuser can; the caller takes it back."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)


@pytest.mark.usefixtures("bank")
class TestTheCheckAfterEveryTest:
    def test_has_nothing_to_ask_where_nothing_was_booked(self):
        assert not books.anything_is_booked()

    def test_holds_after_a_deposit(self, lot):
        lot.paid_deposit()
        assert books.anything_is_booked()
        books.assert_sound()

    def test_sees_an_account_that_was_raised(self, lot):
        lot.paid_deposit()
        with transaction.atomic():
            forge("UPDATE bank_escrow_ledgeraccount SET cp = cp + 1 WHERE kind = 'L'")
            with pytest.raises(AssertionError):
                books.assert_balanced()
            transaction.set_rollback(True)

    def test_sees_a_line_that_was_added(self, lot):
        lot.paid_deposit()
        with transaction.atomic():
            forge(
                "INSERT INTO bank_escrow_journalline (entry_id, n, debit_id, credit_id, amount_fen)"
                " SELECT entry_id, n + 1, debit_id, credit_id, amount_fen"
                " FROM bank_escrow_journalline LIMIT 1"
            )
            with pytest.raises(AssertionError, match="I2"):
                books.assert_sound()
            transaction.set_rollback(True)
