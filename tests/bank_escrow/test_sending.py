"""An order leaves at most once, whatever the network, the bank and our own death do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from bank_escrow import sealed
from bank_escrow.domain.proposals import Kind
from bank_escrow.models import Bank, BankCredit, Break, Deposit, Instruction, SubAccount
from bank_escrow.services import sending, settling, statements
from bank_escrow.services.breaks import start_bank, stop_bank
from bank_escrow.services.orders import order_stray
from core.verdicts import Refusal
from tests.bank_escrow import hands
from tests.bank_escrow.fake_bank import Crash
from tests.bank_escrow.lots import REQUIRED

State = Instruction.State


def later(lot, **delta):
    lot.bank.now += timedelta(**delta)
    lot.tick()


def die_in(act, *args, **facts):
    with pytest.raises(Crash):
        act(*args, **facts)


class TestACrash:
    def test_before_anybody_claimed_costs_nothing(self, lot, monkeypatch):
        """Point 1: queued and committed."""
        order = lot.approved_refund()

        def die(*_args, **_facts):
            raise Crash

        with monkeypatch.context() as broken:
            broken.setattr(sending, "_claim", die)
            die_in(lot.tick)
        order.refresh_from_db()
        assert order.state == State.QUEUED
        later(lot, seconds=1)
        assert [paid.serial for paid in lot.bank.paid] == [order.serial]

    def test_after_the_claim_and_before_the_call_is_never_repeated(self, lot):
        """Point 2: claimed and committed, not one byte sent. We cannot know that later."""
        order = lot.approved_refund()
        lot.bank.faults.append("CRASH_BEFORE")
        die_in(lot.tick)
        order.refresh_from_db()
        assert order.state == State.SENDING
        for _ in range(3):
            later(lot, minutes=1)
        order.refresh_from_db()
        assert (order.state, lot.bank.sent) == (State.UNKNOWN, [])

    def test_after_the_call_is_found_out_by_asking(self, lot):
        """Point 3: paid, our note of it lost."""
        order = lot.approved_refund()
        lot.bank.faults.append("CRASH_AFTER")
        die_in(lot.tick)
        later(lot, minutes=1)
        later(lot, minutes=1)
        order.refresh_from_db()
        assert (order.state, len(lot.bank.paid)) == (State.DONE, 1)

    def test_after_the_answer_was_written_costs_nothing(self, lot, monkeypatch):
        """Point 4: settled and committed."""
        order = lot.approved_refund()
        settle = sending.settle

        def settle_and_die(**facts):
            settle(**facts)
            raise Crash

        with monkeypatch.context() as broken:
            broken.setattr(sending, "settle", settle_and_die)
            die_in(lot.tick)
        later(lot, minutes=1)
        order.refresh_from_db()
        assert (order.state, len(lot.bank.paid)) == (State.DONE, 1)


class TestAnOrder:
    def test_that_provably_never_left_is_sent_later(self, lot):
        order = lot.approved_refund()
        lot.bank.faults += ["NOT_SENT", "NOT_SENT"]
        lot.tick()
        order.refresh_from_db()
        assert order.state == State.QUEUED
        later(lot, seconds=20)
        later(lot, seconds=20)
        order.refresh_from_db()
        assert (order.state, len(lot.bank.paid)) == (State.DONE, 1)

    def test_of_yesterday_is_written_anew_for_today(self, lot):
        order = lot.approved_refund()
        lot.bank.faults.append("NOT_SENT")
        lot.tick()
        later(lot, days=1)
        later(lot, minutes=1)
        (paid,) = lot.bank.paid
        assert (paid.serial, paid.valid_on) == (order.serial, lot.bank.day())

    def test_is_not_sent_just_before_the_banks_day_ends(self, lot):
        lot.approved_refund()
        lot.bank.now = lot.bank.now.replace(hour=14, minute=59, second=30)
        lot.tick()
        assert lot.bank.sent == []

    def test_lost_on_the_way_is_absent_only_after_two_closed_days(self, lot):
        order = lot.approved_refund()
        lot.bank.faults.append("LOST")
        lot.tick()
        for days, state in ((0, State.UNKNOWN), (1, State.UNKNOWN), (1, State.ABSENT)):
            later(lot, days=days, minutes=1)
            order.refresh_from_db()
            assert order.state == state
        assert Break.objects.get().kind == Break.Kind.ABSENT
        assert (lot.order(), lot.bank.sent) == ([], [order.serial])

    def test_absent_is_unpaid_only_when_two_persons_hold_the_banks_letter(self, lot, sound):
        order = lot.approved_refund()
        lot.bank.bars = False
        lot.bank.faults.append("LOST")
        lot.tick()
        for _ in range(3):
            later(lot, days=1)
        letter = hands.proposed(lot, Kind.UNPAID, order.id, file=hands.PDF)
        with pytest.raises(Refusal, match="M-601"):
            hands.confirmed(lot, letter, actor="chen")
        hands.confirmed(lot, letter, actor="he")
        sound()
        (again,) = lot.order()
        lot.approve(again)
        lot.tick()
        assert len(lot.bank.paid) == 1

    def test_unknown_cannot_be_called_unpaid(self, lot):
        order = lot.approved_refund()
        lot.bank.faults.append("LOST")
        lot.tick()
        with pytest.raises(Refusal, match="M-207"):
            statements.confirm_unpaid(
                instruction_id=order.id, document=uuid4(), actor="chen", now=lot.bank.now
            )

    def test_whose_answer_was_lost_is_settled_by_the_statement(self, lot):
        order = lot.approved_refund()
        lot.bank.answers_queries = False
        lot.bank.faults.append("LOSE_ANSWER")
        lot.tick()
        later(lot, days=1)
        order.refresh_from_db()
        assert (order.state, len(lot.bank.paid)) == (State.DONE, 1)

    def test_in_the_banks_queue_is_waited_for(self, lot):
        order = lot.approved_refund()
        lot.bank.faults.append("QUEUE")
        lot.tick()
        for _ in range(5):
            later(lot, minutes=20)
        order.refresh_from_db()
        assert order.state == State.UNKNOWN
        lot.bank.flush()
        later(lot, minutes=20)
        later(lot, minutes=20)
        order.refresh_from_db()
        assert (order.state, len(lot.bank.paid)) == (State.DONE, 1)

    def test_paid_past_midnight_out_of_the_queue_is_paid_once(self, lot):
        order = lot.approved_refund()
        lot.bank.faults.append("QUEUE")
        lot.tick()
        lot.bank.tomorrow()
        lot.bank.flush()
        for _ in range(4):
            later(lot, days=1)
        order.refresh_from_db()
        assert (order.state, len(lot.bank.paid)) == (State.DONE, 1)

    def test_in_process_is_asked_about_until_it_ends(self, lot):
        order = lot.approved_refund()
        lot.bank.faults.append("PROCESSING")
        lot.tick()
        later(lot, minutes=1)
        order.refresh_from_db()
        assert order.state == State.PROCESSING
        lot.bank.flush()
        later(lot, minutes=5)
        order.refresh_from_db()
        assert order.state == State.DONE

    def test_paid_to_another_account_stops_the_bank(self, lot):
        order = lot.approved_refund()
        lot.bank.wrong_payee = True
        lot.tick()
        order.refresh_from_db()
        assert order.state == State.BREAK
        assert Bank.objects.get().stopped_why == Break.Kind.WRONG_PAYEE
        assert BankCredit.objects.get().state == BankCredit.State.REFUNDING

    def test_that_failed_and_was_paid_after_all_stops_the_bank(self, lot):
        order = lot.approved_refund()
        lot.bank.faults.append("REFUSE")
        lot.tick()
        order.refresh_from_db()
        done = lot.bank.pay(lot.bank.decode(sending.wire_of(order)))
        settling.settle(instruction_id=order.id, outcome=done, now=lot.bank.now)
        order.refresh_from_db()
        assert order.state == State.FAILED_BANK
        assert Bank.objects.get().stopped_why == Break.Kind.CONTRADICTION

    def test_answered_twice_is_settled_once(self, lot, sound):
        order = lot.approved_refund()
        lot.tick()
        done = lot.bank.outcomes[order.serial]
        settling.settle(instruction_id=order.id, outcome=done, now=lot.bank.now)
        sound()
        assert Break.objects.count() == 0

    def test_money_that_left_without_an_order_stops_the_bank(self, lot):
        lot.approved_refund()
        lot.tick()
        lot.bank.entries.append(replace(lot.bank.entries[-1], serial="1" * 24, bank_ref="ghost"))
        later(lot, minutes=1)
        assert Bank.objects.get().stopped_why == Break.Kind.UNKNOWN_DEBIT

    def test_is_not_sent_to_a_stopped_bank(self, lot):
        lot.approved_refund()
        stop_bank("gusu", why="TEST", actor="he", now=lot.bank.now)
        lot.tick()
        assert lot.bank.sent == []
        start_bank("gusu", actor="he", now=lot.bank.now)
        lot.tick()
        assert len(lot.bank.sent) == 1

    def test_whose_return_overtakes_its_confirmation_ends_returned(self, lot, sound):
        order = lot.approved_refund()
        lot.bank.faults.append("LOSE_ANSWER")
        lot.tick()
        lot.bank.bounce(order.serial)
        for _ in range(3):
            later(lot, minutes=1)
        order.refresh_from_db()
        assert order.state == State.RETURNED
        sound()
        assert Deposit.objects.get().state == Deposit.State.REFUNDING


class TestStrayMoney:
    def test_belongs_to_nobody_and_can_go_back(self, lot, sound):
        free = SubAccount.objects.filter(state=SubAccount.State.FREE).first()
        lot.bank.transfer(sealed.number(free), REQUIRED)
        lot.open()
        credit = BankCredit.objects.get()
        assert (credit.state, credit.codes) == ("SUSPENSE", ["UNKNOWN_ACCOUNT"])
        sound()
        order = order_stray(credit_id=credit.id, actor="chen", now=lot.bank.now)
        lot.approve(order)
        sound()
        lot.tick()
        assert len(lot.bank.paid) == 1
