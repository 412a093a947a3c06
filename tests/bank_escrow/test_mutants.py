"""Every defence, taken away by hand: a test above must then see the damage (`bank.md` §3.4).

Each scenario is sound as the code stands and goes wrong with exactly one defence off, so that no
defence hides behind another. Where two stand one behind the other, each is shown to hold alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from bank_escrow import services
from bank_escrow.adapters.protocol import Failed, NotFound, NotSent, Unknown
from bank_escrow.domain.beneficiary import Party
from bank_escrow.domain.postings import Line
from bank_escrow.models import Bank, BankCredit, Deposit, Instruction, LedgerAccount
from bank_escrow.services import entries, ledger, orders, sending, settling
from bank_escrow.services.check import check
from tests.bank_escrow.fake_bank import Crash
from tests.bank_escrow.lots import EARLIER, REQUIRED

pytestmark = pytest.mark.forges_the_books


def taking(outcome_type, replacement):
    """Make a settling that takes one kind of answer for another."""
    real = settling.settle

    def settle(*, instruction_id, outcome, now):
        order = Instruction.objects.get(pk=instruction_id)
        if isinstance(outcome, outcome_type):
            outcome = replacement(order)
        real(instruction_id=instruction_id, outcome=outcome, now=now)

    return settle


def as_failure(order):
    return Failed(serial=order.serial, bank_day=order.bank_day, code="EXPIRED")


def try_again(lot) -> None:
    """What finance does when a refund failed."""
    for order in lot.order():
        lot.approve(order)
    for _ in range(3):
        lot.bank.now += timedelta(minutes=1)
        lot.tick()


def times_paid(lot) -> int:
    return len(lot.bank.paid)


class TestTimeoutIsFailure:
    def _play(self, lot):
        lot.approved_refund()
        lot.bank.faults.append("LOSE_ANSWER")
        lot.tick()
        try_again(lot)
        return times_paid(lot)

    def test_is_not_what_we_do(self, lot):
        assert self._play(lot) == 1

    def test_would_pay_twice(self, lot, monkeypatch):
        monkeypatch.setattr(sending, "settle", taking(Unknown, as_failure))
        monkeypatch.setattr(settling, "_NEVER_PAID", frozenset())
        assert self._play(lot) == 2

    def test_is_not_what_we_do_though_nobody_looks_at_what_leaves(self, lot, monkeypatch):
        monkeypatch.setattr(settling, "_NEVER_PAID", frozenset())
        assert self._play(lot) == 1

    def test_is_seen_when_the_money_leaves_and_stops_the_bank(self, lot, monkeypatch):
        monkeypatch.setattr(sending, "settle", taking(Unknown, as_failure))
        assert self._play(lot) == 1
        assert Bank.objects.get().stopped_at is not None


class TestNotFoundIsFailure:
    def _play(self, lot):
        lot.approved_refund()
        lot.bank.faults.append("QUEUE")
        lot.tick()
        lot.bank.now += timedelta(minutes=1)
        lot.tick()
        try_again(lot)
        lot.bank.flush()
        return times_paid(lot)

    def test_is_not_what_we_do(self, lot):
        assert self._play(lot) == 1

    def test_would_pay_twice(self, lot, monkeypatch):
        monkeypatch.setattr(sending, "settle", taking(NotFound, as_failure))
        assert self._play(lot) == 2


class TestSendingAgainAfterSilence:
    def _play(self, lot):
        lot.approved_refund()
        lot.bank.answers_queries = False
        lot.bank.faults.append("LOSE_ANSWER")
        for _ in range(3):
            lot.tick()
            lot.bank.now += timedelta(minutes=1)
        return times_paid(lot)

    def test_is_not_what_we_do(self, lot):
        assert self._play(lot) == 1

    def test_would_pay_twice(self, lot, monkeypatch):
        monkeypatch.setattr(sending, "settle", taking(Unknown, lambda _: NotSent(proof="hope")))
        assert self._play(lot) == 2


class TestSendingAgainAfterACrash:
    def _play(self, lot):
        lot.approved_refund()
        lot.bank.faults.append("CRASH_AFTER")
        before = transaction.savepoint()
        with pytest.raises(Crash):
            lot.tick()
        transaction.savepoint_rollback(before)
        for _ in range(3):
            lot.bank.now += timedelta(minutes=1)
            lot.tick()
        return times_paid(lot)

    def test_would_pay_twice_were_the_claim_not_committed_first(self, lot):
        """Going back to the savepoint undoes the claim, as a late commit would."""
        assert self._play(lot) == 2


class TestATypedPayee:
    def _play(self, lot):
        lot.approved_refund()
        lot.tick()
        return [answer.code for answer in check() if not answer.holds]

    def test_is_not_what_we_do(self, lot):
        assert self._play(lot) == []

    def test_would_break_the_ninth_invariant(self, lot, monkeypatch):
        typed = Party(name="别人", account="6222")
        monkeypatch.setattr(orders, "beneficiary", lambda order: typed)
        assert "I9" in self._play(lot)

    def test_put_into_the_bytes_after_the_signatures_is_not_sent(self, lot, monkeypatch):
        order = lot.approved_refund()
        typed = Party(name="别人", account="6222")
        with monkeypatch.context() as tampered:
            tampered.setattr(orders, "beneficiary", lambda order: typed)
            lot.tick()
        order.refresh_from_db()
        assert (order.state, lot.bank.sent) == (Instruction.State.QUEUED, [])


class TestTellingPaymentsApartByAmount:
    def _play(self, lot):
        _, number = lot.join()
        lot.bank.transfer(number, REQUIRED)
        lot.bank.transfer(number, REQUIRED)
        lot.tick()
        account = LedgerAccount.objects.get(code="A:BANK:gusu")
        return account.dp - account.cp - lot.bank.cash_fen()

    def test_is_not_what_we_do(self, lot):
        assert self._play(lot) == 0

    def test_would_lose_a_real_payment(self, lot, monkeypatch):
        real = entries._stored

        def by_amount(entry, **facts):
            if BankCredit.objects.filter(amount_fen=entry.amount_fen).exists():
                return None
            return real(entry, **facts)

        monkeypatch.setattr(entries, "_stored", by_amount)
        assert self._play(lot) == -REQUIRED


class TestNotTellingPaymentsApartAtAll:
    def test_would_book_a_repeated_notice_twice(self, lot, monkeypatch):
        real = entries._book_credit

        def always_new(entry, **facts):
            real(replace(entry, bank_ref=uuid4().hex), **facts)

        _, number = lot.join()
        entry = lot.bank.transfer(number, REQUIRED)
        lot.tick()
        facts = {"bank": "gusu", "channel": "NOTICE", "now": lot.bank.now}
        entries.book(entry, **facts)
        assert BankCredit.objects.count() == 1
        monkeypatch.setattr(entries, "_book_credit", always_new)
        entries.book(entry, **facts)
        assert BankCredit.objects.count() == 2


class TestAReplayedPosting:
    def _post_twice(self):
        source = uuid4()
        for _ in range(2):
            ledger.post(
                [Line(debit="A:BANK:x", credit="L:INBOX:x", amount_fen=100)],
                kind="TEST",
                source_type="test",
                source_id=source,
                number=0,
                business_date=EARLIER.date(),
                now=EARLIER,
            )
        return LedgerAccount.objects.get(code="A:BANK:x").dp

    def test_counts_once(self, db):
        assert self._post_twice() == 100

    def test_would_count_twice_under_fresh_ids(self, db, monkeypatch):
        monkeypatch.setattr(ledger, "uuid5", lambda *_: uuid4())
        assert self._post_twice() == 200


class TestRefundingBeforeTheFreeze:
    def test_is_refused_by_the_state_even_were_the_money_found(self, lot, monkeypatch):
        party = lot.paid_deposit()
        lot.open()
        services.freeze(
            reference=lot.reference,
            party=party,
            basis="x",
            document=uuid4(),
            actor="chen",
            now=lot.bank.now,
        )
        assert lot.order(party) == []
        monkeypatch.setattr(orders, "TO_PAY", ("COUNTED", "SUSPENSE", "HELD"))
        assert lot.order(party) == []
        assert lot.deposit(party).state == Deposit.State.FROZEN
