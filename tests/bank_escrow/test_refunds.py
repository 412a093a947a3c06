"""A deposit from the first fen in to the last fen out."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from bank_escrow import services
from bank_escrow.domain.proposals import Kind
from bank_escrow.models import BankCredit, Break, Deposit, Instruction
from core.verdicts import Refusal
from tests.bank_escrow import hands
from tests.bank_escrow.lots import CUTOFF, HENGZHU, PINGJIANG, REQUIRED, Lot


class TestADeposit:
    def test_waits_until_money_comes(self, lot):
        party, _ = lot.join()
        lot.tick()
        assert lot.deposit(party).state == Deposit.State.UNPAID

    def test_is_matched_when_the_right_payer_paid_enough_in_time(self, lot, sound):
        party = lot.paid_deposit()
        sound()
        assert lot.deposit(party).state == Deposit.State.MATCHED

    def test_is_locked_at_the_opening(self, lot):
        party = lot.paid_deposit()
        lot.open()
        assert lot.deposit(party).verdict == Deposit.State.LOCKED

    def test_cannot_be_locked_before_the_cutoff(self, lot):
        lot.paid_deposit()
        with pytest.raises(Refusal, match="M-004"):
            services.lock(reference=lot.reference, now=CUTOFF - timedelta(seconds=1))

    def test_that_is_short_mismatches_at_the_opening(self, lot):
        party = lot.paid_deposit(fen=REQUIRED - 1)
        assert lot.deposit(party).state == Deposit.State.PARTIAL
        lot.open()
        assert lot.deposit(party).verdict == Deposit.State.MISMATCH
        assert lot.deposit(party).verdict_codes == ["AMOUNT_SHORT"]

    def test_is_mended_by_a_second_payment(self, lot):
        party, number = lot.join()
        lot.bank.transfer(number, REQUIRED - 100)
        lot.tick()
        lot.bank.transfer(number, 100)
        lot.tick()
        lot.bank.now += timedelta(minutes=1)
        lot.tick()
        assert lot.deposit(party).state == Deposit.State.MATCHED

    def test_booked_in_time_but_told_late_is_recognised_after_the_opening(self, lot):
        party, number = lot.join()
        lot.open()
        assert lot.deposit(party).verdict == Deposit.State.UNPAID
        lot.bank.now = CUTOFF + timedelta(minutes=10)
        lot.bank.transfer(number, REQUIRED, at=CUTOFF - timedelta(seconds=1))
        lot.tick()
        assert lot.deposit(party).verdict == Deposit.State.LOCKED

    def test_booked_at_the_cutoff_instant_is_late(self, lot):
        party, number = lot.join()
        lot.open()
        lot.bank.transfer(number, REQUIRED, at=CUTOFF)
        lot.bank.now = CUTOFF + timedelta(minutes=1)
        lot.tick()
        assert lot.deposit(party).verdict_codes == ["LATE"]
        assert BankCredit.objects.get().state == BankCredit.State.SUSPENSE

    def test_counts_again_when_the_cutoff_moves(self, lot, sound):
        party, number = lot.join()
        lot.bank.transfer(number, REQUIRED, at=CUTOFF + timedelta(hours=1))
        lot.tick()
        assert lot.deposit(party).codes == ["LATE"]
        services.move_cutoff(
            reference=lot.reference, cutoff_at=CUTOFF + timedelta(days=3), now=lot.bank.now
        )
        sound()
        assert lot.deposit(party).state == Deposit.State.MATCHED


class TestARefund:
    def test_returns_principal_and_interest_to_the_account_that_paid(self, lot, sound):
        order = lot.approved_refund(with_interest=True)
        lot.bank.now = CUTOFF + timedelta(days=25)
        sound()
        lot.tick()
        order.refresh_from_db()
        assert order.state == Instruction.State.DONE
        # 500,000.00 at 0.35 % for 30 days (domain handbook §5.7).
        assert order.interest_fen == 14583
        (paid,) = lot.bank.paid
        assert (paid.payee_name, paid.payee_account) == (HENGZHU.name, HENGZHU.basic_account)
        assert order.deposit is not None
        assert Deposit.objects.get().state == Deposit.State.REFUNDED
        lot.bank.now += timedelta(minutes=1)
        lot.tick()
        assert lot.bank.cash_fen() == 0

    def test_covers_every_payment_each_to_its_own_source(self, lot):
        party, number = lot.join()
        lot.bank.transfer(number, REQUIRED)
        lot.bank.transfer(number, 7, name="路人甲", from_account="6222000011112222")
        lot.open()
        orders = lot.order(party)
        for order in orders:
            lot.approve(order)
        lot.tick()
        assert {(o.amount_fen, o.payee_name) for o in lot.bank.paid} == {
            (REQUIRED, HENGZHU.name),
            (7, "路人甲"),
        }
        assert lot.deposit(party).state == Deposit.State.REFUNDED

    def test_is_ordered_once_however_often_it_is_ordered(self, lot):
        lot.approved_refund()
        assert lot.order() == []

    def test_needs_a_second_person(self, lot):
        party = lot.paid_deposit()
        lot.open()
        (order,) = lot.order(party)
        facts = {
            "instruction_id": order.id,
            "content_sha": order.content_sha,
            "signature_id": None,
            "now": lot.bank.now,
        }
        services.submit(actor="chen", **facts)
        with pytest.raises(Refusal, match="M-201"):
            services.approve(actor="chen", **facts)
        services.approve(actor="he", **facts)

    def test_is_approved_only_as_it_was_seen(self, lot):
        party = lot.paid_deposit()
        lot.open()
        (order,) = lot.order(party)
        with pytest.raises(Refusal, match="M-202"):
            services.submit(
                instruction_id=order.id,
                content_sha="0" * 64,
                actor="chen",
                signature_id=None,
                now=lot.bank.now,
            )

    def test_above_the_threshold_leaves_only_when_a_third_released_it(self, bank):
        lot = Lot(bank, amount_fen=200_000_000)
        party = lot.paid_deposit(fen=200_000_000)
        lot.open()
        (order,) = lot.order(party)
        lot.approve(order)
        lot.tick()
        assert lot.bank.paid == []
        facts = {
            "instruction_id": order.id,
            "content_sha": order.content_sha,
            "signature_id": uuid4(),
            "now": lot.bank.now,
        }
        for known in ("chen", "he"):
            with pytest.raises(Refusal, match="M-201"):
                services.release(actor=known, **facts)
        services.release(actor="third", **facts)
        lot.tick()
        assert len(lot.bank.paid) == 1

    def test_taken_back_leaves_the_money_where_it_was(self, lot, sound):
        order = lot.approved_refund()
        services.cancel(instruction_id=order.id, why="填错", actor="chen", now=lot.bank.now)
        sound()
        assert Deposit.objects.get().state == Deposit.State.LOCKED
        lot.tick()
        assert lot.bank.paid == []
        assert len(lot.order()) == 1

    def test_the_bank_refused_can_be_ordered_anew_under_a_new_serial(self, lot, sound):
        order = lot.approved_refund()
        lot.bank.faults.append("REFUSE")
        lot.tick()
        sound()
        order.refresh_from_db()
        assert order.state == Instruction.State.FAILED_BANK
        (again,) = lot.order()
        assert (again.seq, again.serial != order.serial) == (2, True)
        lot.approve(again)
        lot.tick()
        assert len(lot.bank.paid) == 1

    def test_that_came_back_is_owed_again(self, lot, sound):
        order = lot.approved_refund()
        lot.tick()
        lot.bank.now += timedelta(days=2)
        lot.bank.bounce(order.serial)
        lot.tick()
        order.refresh_from_db()
        assert order.state == Instruction.State.RETURNED
        assert Deposit.objects.get().state == Deposit.State.REFUNDING
        sound()
        (again,) = lot.order()
        lot.approve(again)
        lot.tick()
        assert Deposit.objects.get().state == Deposit.State.REFUNDED
        lot.bank.now += timedelta(minutes=1)
        lot.tick()
        assert lot.bank.cash_fen() == 0

    def test_with_other_interest_than_the_rule_is_paid_and_leaves_a_break(self, lot):
        lot.approved_refund(with_interest=True)
        lot.bank.extra_interest = 1
        lot.tick()
        found = Break.objects.get(kind=Break.Kind.INTEREST)
        assert found.facts["paid_fen"] - found.facts["expected_fen"] == 1


class TestBeforeTheHour:
    def test_a_bidder_gets_its_money_back_at_its_own_signed_request(self, lot, sound):
        party = lot.paid_deposit()
        services.return_before_opening(
            reference=lot.reference,
            party=party,
            actor="sun",
            signature_id=uuid4(),
            now=lot.bank.now,
        )
        sound()
        lot.tick()
        assert lot.deposit(party).state == Deposit.State.REFUNDED
        assert len(lot.bank.paid) == 1

    def test_it_may_pay_again_afterwards(self, lot):
        party = lot.paid_deposit()
        services.return_before_opening(
            reference=lot.reference, party=party, actor="sun", signature_id=None, now=lot.bank.now
        )
        lot.tick()
        issued = services.issue_account(
            reference=lot.reference, party=party, payer=HENGZHU, now=lot.bank.now
        )
        lot.bank.now += timedelta(hours=1)
        lot.bank.transfer(issued.number, REQUIRED)
        lot.tick()
        assert lot.deposit(party).state == Deposit.State.MATCHED

    def test_from_the_cutoff_on_it_cannot(self, lot):
        party = lot.paid_deposit()
        with pytest.raises(Refusal, match="M-206"):
            services.return_before_opening(
                reference=lot.reference, party=party, actor="sun", signature_id=None, now=CUTOFF
            )


class TestAFreeze:
    def test_holds_a_locked_deposit_until_it_ends(self, lot, sound):
        party = lot.paid_deposit()
        lot.open()
        case = {"reference": lot.reference, "party": party, "actor": "chen"}
        services.freeze(basis="投诉〔2026〕1号", document=uuid4(), now=lot.bank.now, **case)
        sound()
        assert lot.order(party) == []
        services.unfreeze(basis="驳回投诉", now=lot.bank.now, **case)
        sound()
        assert len(lot.order(party)) == 1

    def test_takes_back_a_refund_that_has_not_left(self, lot, sound):
        lot.approved_refund()
        party = Deposit.objects.get().party
        services.freeze(
            reference=lot.reference,
            party=party,
            basis="投诉",
            document=uuid4(),
            actor="chen",
            now=lot.bank.now,
        )
        sound()
        lot.tick()
        assert lot.bank.paid == []

    def test_does_not_reach_a_refund_that_has_left(self, lot):
        lot.approved_refund()
        lot.bank.faults.append("LOSE_ANSWER")
        lot.tick()
        party = Deposit.objects.get().party
        with pytest.raises(Refusal, match="M-301"):
            services.freeze(
                reference=lot.reference,
                party=party,
                basis="投诉",
                document=uuid4(),
                actor="chen",
                now=lot.bank.now,
            )

    def test_names_its_basis(self, lot):
        party = lot.paid_deposit()
        lot.open()
        with pytest.raises(Refusal, match="M-301"):
            services.freeze(
                reference=lot.reference,
                party=party,
                basis="",
                document=uuid4(),
                actor="chen",
                now=lot.bank.now,
            )


class TestAForfeit:
    def _order(self, lot, party):
        return services.forfeit(
            reference=lot.reference,
            party=party,
            document=uuid4(),
            due_at=lot.bank.now + timedelta(days=5),
            actor="chen",
            now=lot.bank.now,
        )

    def test_reaches_the_account_two_persons_confirmed(self, lot, sound):
        party = lot.paid_deposit()
        lot.open()
        account = hands.proposed(
            lot, Kind.FORFEIT_ACCOUNT, lot.reference, payee=hands.TREASURY, file=hands.PDF
        )
        with pytest.raises(Refusal, match="M-303"):
            self._order(lot, party)
        with pytest.raises(Refusal, match="M-601"):
            hands.confirmed(lot, account, actor="chen")
        hands.confirmed(lot, account, actor="he")
        (order,) = self._order(lot, party)
        lot.approve(order)
        sound()
        lot.tick()
        (paid,) = lot.bank.paid
        assert (paid.payee_name, paid.payee_account) == ("姑苏区财政局", "3205000011112222")
        assert lot.deposit(party).state == Deposit.State.FORFEITED

    def test_without_a_locked_deposit_is_refused(self, lot):
        party = lot.paid_deposit(PINGJIANG, fen=REQUIRED - 1)
        lot.open()
        hands.payee_set(lot)
        with pytest.raises(Refusal, match="M-303"):
            self._order(lot, party)
