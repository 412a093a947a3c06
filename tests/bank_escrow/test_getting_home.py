"""Whatever happens on the way, money that is owed comes home: no end that waits for nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bank_escrow import adapters, services
from bank_escrow.models import Bank, Break, Deposit, Instruction
from bank_escrow.selectors.pending import pending
from bank_escrow.services import sending
from tests.bank_escrow.fake_bank import Crash

State = Instruction.State


def later(lot, **delta):
    lot.bank.now += timedelta(**delta)
    lot.tick()


def sign_all(lot) -> None:
    """Two persons sign what the page shows them, as on every morning."""
    for order in Instruction.objects.filter(state=State.DRAFT):
        lot.approve(order)
    lot.tick()


def comes_home(lot) -> None:
    """Let days go by, signing what is to be signed; nobody does anything else."""
    for _ in range(8):
        later(lot, days=1)
        sign_all(lot)
    assert Deposit.objects.get().state == Deposit.State.REFUNDED
    assert len(lot.bank.paid) == 1
    assert lot.bank.cash_fen() == 0
    assert not Break.objects.filter(resolved_at__isnull=True).exists()


class TestARefund:
    @pytest.mark.parametrize("fault", ["LOST", "REFUSE", "LOSE_ANSWER", "NOT_SENT"])
    def test_comes_home_however_the_bank_takes_it(self, lot, fault):
        lot.approved_refund()
        lot.bank.faults.append(fault)
        lot.tick()
        comes_home(lot)

    @pytest.mark.parametrize("fault", ["CRASH_BEFORE", "CRASH_AFTER"])
    def test_comes_home_although_we_died_sending_it(self, lot, fault):
        lot.approved_refund()
        lot.bank.faults.append(fault)
        with pytest.raises(Crash):
            lot.tick()
        comes_home(lot)

    def test_that_failed_is_prepared_again_by_itself_under_a_new_serial(self, lot):
        order = lot.approved_refund(with_interest=True)
        lot.bank.faults.append("REFUSE")
        lot.tick()
        again = Instruction.objects.get(state=State.DRAFT)
        assert (again.seq, again.basis, again.due_at) == (2, order.basis, order.due_at)
        assert again.with_interest
        assert again.serial != order.serial
        assert (again.maker, again.checker) == ("", "")
        later(lot, minutes=1)
        assert Instruction.objects.count() == 2

    def test_that_people_took_back_is_not_prepared_again(self, lot):
        order = lot.approved_refund()
        services.cancel(instruction_id=order.id, why="账号核对", actor="he", now=lot.bank.now)
        later(lot, minutes=1)
        assert Instruction.objects.get().state == State.CANCELLED

    def test_that_failed_before_the_hour_is_the_bidder_s_to_ask_for_again(self, lot):
        party = lot.paid_deposit()
        facts = {"reference": lot.reference, "party": party, "actor": "zhao", "signature_id": None}
        services.return_before_opening(**facts, now=lot.bank.now)
        lot.bank.faults.append("REFUSE")
        lot.tick()
        assert Instruction.objects.get().state == State.FAILED_BANK
        services.return_before_opening(**facts, now=lot.bank.now)
        lot.tick()
        assert len(lot.bank.paid) == 1


class TestAnAbsentOrder:
    def absent(self, lot) -> Instruction:
        order: Instruction = lot.approved_refund()
        lot.bank.faults.append("LOST")
        lot.tick()
        later(lot, days=1)
        later(lot, days=1)
        order.refresh_from_db()
        assert order.state == State.ABSENT
        return order

    def test_is_barred_by_the_bank_and_unpaid_once_the_bar_s_day_is_closed(self, lot):
        order = self.absent(lot)
        assert lot.bank.barred == {order.serial}
        later(lot, hours=1)
        order.refresh_from_db()
        assert order.state == State.ABSENT
        later(lot, days=1)
        order.refresh_from_db()
        assert (order.state, order.outcome) == (State.FAILED_CONFIRMED, "BARRED_UNPAID")
        assert Instruction.objects.get(state=State.DRAFT).seq == 2

    def test_that_was_paid_on_the_day_of_the_bar_is_done_and_not_paid_again(self, lot):
        order = self.absent(lot)
        lot.bank.pay(lot.bank.decode(sending.wire_of(order)))
        later(lot, days=1)
        order.refresh_from_db()
        assert order.state == State.DONE
        assert not Instruction.objects.filter(state=State.DRAFT).exists()
        assert not Break.objects.filter(resolved_at__isnull=True).exists()

    def test_that_a_bank_pays_after_it_said_never_is_a_break_that_stops_the_bank(self, lot):
        order = self.absent(lot)
        later(lot, days=1)
        lot.bank.pay(lot.bank.decode(sending.wire_of(order)))
        later(lot, days=1)
        later(lot, days=1)
        assert Break.objects.filter(source_id=order.id, resolved_at__isnull=True).exists()
        assert Bank.objects.get().stopped_at is not None

    def test_stays_absent_while_the_bank_does_not_say(self, lot):
        lot.bank.bars = False
        order = self.absent(lot)
        for _ in range(5):
            later(lot, days=1)
        order.refresh_from_db()
        assert order.state == State.ABSENT


class TestMoneyThatLeavesTwice:
    def test_for_one_order_stops_the_bank(self, lot):
        order = lot.approved_refund()
        lot.tick()
        order.refresh_from_db()
        assert order.state == State.DONE
        later(lot, minutes=1)
        assert Bank.objects.get().stopped_at is None
        lot.bank.pay(lot.bank.decode(sending.wire_of(order)))
        later(lot, minutes=1)
        assert Break.objects.get(source_id=order.id).kind == Break.Kind.CONTRADICTION
        assert Bank.objects.get().stopped_at is not None

    def test_for_an_order_the_bank_refused_stops_the_bank(self, lot):
        order = lot.approved_refund()
        lot.bank.faults.append("REFUSE")
        lot.tick()
        order.refresh_from_db()
        lot.bank.pay(lot.bank.decode(sending.wire_of(order)))
        later(lot, minutes=1)
        assert Break.objects.get(source_id=order.id).kind == Break.Kind.CONTRADICTION
        assert Bank.objects.get().stopped_at is not None


class TestWhatIsDue:
    def test_includes_what_a_silent_bank_has_not_taken(self, lot):
        lot.approved_refund()
        Bank.objects.update(is_up=False)
        assert pending(lot.bank.now) == ["refunds"]

    def test_leaves_out_what_a_stopped_bank_must_not_take(self, lot):
        lot.approved_refund()
        Bank.objects.update(stopped_at=lot.bank.now)
        assert pending(lot.bank.now) == []

    def test_includes_a_doubt_that_may_be_asked_about_now(self, lot):
        lot.approved_refund()
        lot.bank.faults.append("LOSE_ANSWER")
        lot.tick()
        assert pending(lot.bank.now) == []
        lot.bank.now += timedelta(minutes=1)
        assert pending(lot.bank.now) == ["queries"]
        lot.tick()
        assert pending(lot.bank.now) == []


class TestASilentBank:
    def test_is_asked_at_every_beat_until_it_answers(self, lot):
        lot.bank.is_up = False
        later(lot, minutes=2)
        assert not Bank.objects.get().is_up
        lot.bank.is_up = True
        lot.tick()
        assert Bank.objects.get().is_up


class TestAClaim:
    def test_outlives_a_jump_of_the_story_s_clock(self, lot, monkeypatch):
        """The call is still out: only real seconds say that its caller is dead."""
        order = lot.approved_refund()
        stood = lot.bank.now
        monkeypatch.setattr(sending, "real_now", lambda: stood)
        lot.bank.faults.append("CRASH_BEFORE")
        with pytest.raises(Crash):
            lot.tick()
        later(lot, days=1)
        order.refresh_from_db()
        assert order.state == State.SENDING

    def test_of_a_dead_worker_is_given_up_while_the_story_s_clock_stands(self, lot, monkeypatch):
        order = lot.approved_refund()
        lot.bank.faults.append("CRASH_BEFORE")
        with pytest.raises(Crash):
            lot.tick()
        patience = adapters.profile_for("gusu").call_timeout + timedelta(minutes=1)
        died = lot.bank.now
        monkeypatch.setattr(sending, "real_now", lambda: died + patience)
        lot.tick()
        order.refresh_from_db()
        assert order.state == State.UNKNOWN
