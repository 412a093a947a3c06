"""The posting table: whose accounts its lines name, and that money only moves."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_escrow.domain.postings import Class, Line, Posting, account, line

OWNER = UUID("7b4f8f0e-3a0f-4bb8-9d6c-0d6f0f6f7a01")


class TestAnAccount:
    @pytest.mark.parametrize("what", [Class.SUSPENSE, Class.FROZEN, Class.HELD, Class.REFUNDING])
    def test_of_a_deposit_bears_its_owner(self, what):
        assert account(what, bank="ccb", owner=OWNER) == f"L:{what}:{OWNER}"

    def test_at_the_bank_is_what_we_own_and_the_inbox_what_we_owe(self):
        assert account(Class.BANK, bank="ccb", owner=OWNER) == "A:BANK:ccb"
        assert account(Class.INBOX, bank="ccb", owner=OWNER) == "L:INBOX:ccb"
        assert account(Class.KEPT_INTEREST, bank="ccb", owner=OWNER) == "L:KEPT_INTEREST:ccb"

    def test_without_an_owner_is_the_banks_common_one(self):
        assert account(Class.SUSPENSE, bank="ccb", owner=None) == "L:SUSPENSE:ccb"


class TestALine:
    def test_of_a_counted_payment_goes_from_the_inbox_to_the_deposit(self):
        assert line(Posting.COUNTED, bank="ccb", owner=OWNER, amount_fen=5) == Line(
            debit="L:INBOX:ccb", credit=f"L:FROZEN:{OWNER}", amount_fen=5
        )

    def test_of_a_refund_that_left_ends_at_the_bank(self):
        assert line(Posting.REFUND_DONE, bank="icbc", owner=OWNER, amount_fen=5) == Line(
            debit=f"L:REFUNDING:{OWNER}", credit="A:BANK:icbc", amount_fen=5
        )

    def test_moves_one_fen_at_the_least(self):
        assert line(Posting.COUNTED, bank="b", owner=None, amount_fen=1).amount_fen == 1
        for amount in (0, -1):
            with pytest.raises(ValueError, match=r"^a line moves a positive amount$"):
                line(Posting.COUNTED, bank="b", owner=None, amount_fen=amount)

    def test_has_two_sides(self):
        with pytest.raises(ValueError, match=r"^a line has two sides$"):
            Line(debit="A:BANK:b", credit="A:BANK:b", amount_fen=1)


def balances(postings, fen):
    """Return every account's debits less its credits."""
    told = Counter()
    for posting in postings:
        each = line(posting, bank="b", owner=OWNER, amount_fen=fen)
        told[each.debit] += each.amount_fen
        told[each.credit] -= each.amount_fen
    return told


class TestTheWholeCourse:
    CLEAN = (
        Posting.CREDIT_SEEN,
        Posting.COUNTED,
        Posting.REFUND_APPROVED,
        Posting.REFUND_DONE,
    )

    @given(st.integers(1, 10**15))
    def test_of_a_deposit_that_came_and_went_leaves_every_account_empty(self, fen):
        assert set(balances(self.CLEAN, fen).values()) == {0}

    @given(st.lists(st.sampled_from(list(Posting))), st.integers(1, 10**15))
    def test_of_any_postings_sums_to_nothing(self, postings, fen):
        assert sum(balances(postings, fen).values()) == 0
