"""A bank that is down, slow or odd costs its own orders time, and no other bank's anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from bank_escrow import vault
from bank_escrow.adapters.protocol import Unknown
from bank_escrow.domain import interest
from bank_escrow.models import Bank, BankMessage, Break, Deposit, Instruction
from bank_escrow.services import due, sending
from tests.bank_escrow.lots import HENGZHU, PINGJIANG

State = Instruction.State


def later(lot, **delta):
    lot.bank.now += timedelta(**delta)
    lot.tick()


class TestABankThatFails:
    def test_leaves_the_others_their_turn_and_is_told_of(self, bank, monkeypatch):
        served = []

        def serve(bank, **_when):
            served.append(bank.code)
            if bank.code == "gusu":
                raise ValueError("odd")

        banks = [SimpleNamespace(code="gusu"), SimpleNamespace(code="other")]
        monkeypatch.setattr(due, "connected", lambda _now: banks)
        monkeypatch.setattr(due, "serve", serve)
        warned = []
        monkeypatch.setattr(due, "warn_of_due_refunds", warned.append)
        with pytest.raises(ExceptionGroup):
            due.tick(bank.now)
        assert served == ["gusu", "other"]
        assert warned


class TestABankThatIsDown:
    def test_is_asked_for_nothing_but_its_health(self, lot, monkeypatch):
        order = lot.approved_refund()
        lot.bank.is_up = False
        lot.bank.now += timedelta(minutes=2)
        for question in ("intraday", "query", "send", "open_sub_account", "statement", "cancel"):
            monkeypatch.setattr(lot.bank, question, None)
        lot.tick()
        order.refresh_from_db()
        assert order.state == State.QUEUED

    def test_is_sent_what_waited_once_it_answers(self, lot):
        order = lot.approved_refund()
        lot.bank.is_up = False
        later(lot, minutes=2)
        lot.bank.is_up = True
        later(lot, minutes=2)
        order.refresh_from_db()
        assert order.state == State.DONE


class TestAnAnswerThatCannotBeTaken:
    def test_about_one_order_costs_the_next_one_nothing(self, lot, monkeypatch):
        one, other = lot.paid_deposit(HENGZHU), lot.paid_deposit(PINGJIANG)
        lot.open()
        first, second = (lot.approve(order) for order in lot.order(one, other))
        for _ in range(2):
            lot.bank.faults.append("LOSE_ANSWER")
            lot.tick()
        answer = lot.bank.query

        def query(*, serial, bank_day):
            if serial == first.serial:
                raise KeyError("odd")
            return answer(serial=serial, bank_day=bank_day)

        monkeypatch.setattr(lot.bank, "query", query)
        later(lot, minutes=1)
        for order in (first, second):
            order.refresh_from_db()
        assert (first.state, second.state) == (State.UNKNOWN, State.DONE)
        assert first.next_query_at > lot.bank.now, "and it is not asked about in every beat"

    @pytest.mark.parametrize("error", [ValueError, LookupError])
    def test_about_the_interest_is_a_break_and_the_money_is_booked(
        self, lot, monkeypatch, sound, error
    ):
        order = lot.approved_refund(with_interest=True)
        lot.bank.faults.append("LOSE_ANSWER")
        lot.tick()

        def accrued(*_principal, **_days):
            raise error

        monkeypatch.setattr(interest, "accrued", accrued)
        later(lot, minutes=1)
        order.refresh_from_db()
        assert order.state == State.DONE
        found = Break.objects.get(kind=Break.Kind.INTEREST)
        assert found.facts == {"paid_fen": order.interest_fen, "expected_fen": None}
        sound()

    def test_paid_before_the_money_came_is_such_a_break(self, lot, sound):
        order = lot.approved_refund(with_interest=True)
        lot.bank.faults.append("LOSE_ANSWER")
        lot.tick()
        said = lot.bank.outcomes[order.serial]
        early = order.credit.bank_day - timedelta(days=1)
        lot.bank.outcomes[order.serial] = replace(said, bank_day=early)
        later(lot, minutes=1)
        assert Break.objects.get().kind == Break.Kind.INTEREST
        sound()


class TestAnOrderPaidOnALaterDay:
    def test_brings_that_day_s_interest_and_leaves_the_books_whole(self, lot, sound):
        order = lot.approved_refund(with_interest=True)
        lot.bank.faults.append("QUEUE")
        lot.tick()
        lot.bank.answers_queries = False
        lot.bank.tomorrow()
        lot.bank.flush()
        for _ in range(2):
            later(lot, days=1)
        order.refresh_from_db()
        assert order.state == State.DONE
        assert order.paid_on == order.bank_day + timedelta(days=1)
        assert not Break.objects.exists()
        sound()


class TestAnAbsentOrderThatCameBack:
    @pytest.fixture
    def order(self, lot) -> Instruction:
        """Absent, then paid and returned at once; the bank bars nothing."""
        lot.bank.bars = False
        order: Instruction = lot.approved_refund()
        lot.bank.faults.append("LOST")
        lot.tick()
        for _ in range(2):
            later(lot, days=1)
        order.refresh_from_db()
        assert order.state == State.ABSENT
        lot.bank.pay(lot.bank.decode(sending.wire_of(order)))
        return order

    def test_is_asked_about_at_once_and_the_page_is_booked(self, lot, order, sound):
        lot.bank.bounce(order.serial)
        later(lot, minutes=1)
        order.refresh_from_db()
        assert order.state == State.RETURNED
        assert Bank.objects.get().cursor == str(len(lot.bank.entries))
        assert Deposit.objects.get().state == Deposit.State.REFUNDING
        sound()

    def test_is_asked_about_when_a_notice_says_so(self, lot, order, sound, monkeypatch):
        returned = lot.bank.bounce(order.serial)
        monkeypatch.setattr(lot.bank, "intraday", lambda **_: Unknown(why="ReadTimeout"))
        monkeypatch.setattr(lot.bank, "parse", lambda _body: (returned,))
        new = uuid4()
        BankMessage.objects.create(
            id=new,
            bank=Bank.objects.get(),
            sha=b"1" * 32,
            received_at=lot.bank.now,
            raw_sealed=vault.seal_bytes(b"{}", context=f"message/{new}"),
        )
        for _ in range(2):
            lot.tick()
        order.refresh_from_db()
        assert order.state == State.RETURNED
        assert BankMessage.objects.get().state == BankMessage.State.HANDLED
        sound()

    def test_is_asked_about_when_the_bookings_say_that_it_was_paid(self, lot, order):
        later(lot, minutes=1)
        order.refresh_from_db()
        assert order.state == State.DONE

    def test_leaves_the_page_for_later_while_the_bank_does_not_say(self, lot, order):
        lot.bank.answers_queries = False
        lot.bank.bounce(order.serial)
        later(lot, minutes=1)
        order.refresh_from_db()
        assert order.state == State.ABSENT
        assert Bank.objects.get().polled_at == lot.bank.now, "not in every beat"
        lot.bank.answers_queries = True
        later(lot, minutes=1)
        order.refresh_from_db()
        assert order.state == State.RETURNED
