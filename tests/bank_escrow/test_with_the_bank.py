"""The whole way with the simulated bank as the process it is, its faults and its death included."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings

from bank_escrow import adapters
from bank_escrow.adapters.protocol import (
    Account,
    Barred,
    DayEnd,
    Done,
    NotFound,
    NotReady,
    NotSent,
    Page,
    TooLate,
    Unknown,
)
from bank_escrow.domain.matching import PayerIdentity
from bank_escrow.models import Bank, BankCredit, Deposit, Instruction, LedgerAccount
from bank_escrow.services import accounts, banks, sending
from bank_escrow.services.orders import payment_order
from tests import people
from tests.bank_escrow.lots import Lot
from tests.books import assert_sound
from tests.simulators.processes import StoryClock, bank

START = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
FIRM = PayerIdentity(name="江南路桥有限公司", basic_account="1102020409000123456")
REQUIRED = 80_000_000


class World:
    """The bank's process and us, on one clock that stands still until it is moved."""

    def __init__(self, process, clock: StoryClock) -> None:
        self.process, self.clock, self.now = process, clock, START

    def move(self, **delta) -> None:
        self.now += timedelta(**delta)
        self.clock.move(self.now.isoformat())


class RealLot(Lot):
    """A lot whose bank is a process."""

    def __init__(self, world: World) -> None:
        super().__init__(world, amount_fen=REQUIRED)

    def pay(self, number: str, fen: int = REQUIRED, **changed) -> None:
        self.bank.process.pay_in(number, fen, **changed)


@pytest.fixture
def world(db, tmp_path, settings, monkeypatch):
    clock = StoryClock(tmp_path, START.isoformat())
    process = bank(tmp_path / "banks" / "gusu", "--truth", clock=clock)
    process.start()
    settings.BANKS = {"gusu": f"http://127.0.0.1:{process.port}"}
    settings.BANK_KEYS = tmp_path / "banks"
    settings.ESCROW_KEY_FILE = tmp_path / "escrow.key"
    monkeypatch.setattr(accounts, "POOL", 3)
    people.centre()
    yield World(process, clock)
    if process.alive:
        process.stop()
    assert_sound()


@pytest.fixture
def lot(world):
    return RealLot(world)


def refund(lot, *, with_interest=True):
    party, number = lot.join(FIRM)
    lot.pay(number)
    lot.bank.move(minutes=1)
    lot.tick()
    assert lot.deposit(party).state == Deposit.State.MATCHED
    lot.bank.move(days=5)
    lot.open(lot.bank.now)
    (order,) = lot.order(party, with_interest=with_interest)
    return lot.approve(order)


def received(lot) -> list[int]:
    answer = lot.bank.process.call("POST", "/payer/received", {"account": FIRM.basic_account}).data[
        "received"
    ]
    return [row["amount_fen"] for row in answer]


class TestADeposit:
    def test_goes_in_and_comes_back_with_the_banks_interest(self, lot):
        order = refund(lot)
        lot.bank.move(days=25)
        lot.tick()
        order.refresh_from_db()
        # 800,000.00 at 0.35 % for 30 days.
        assert (order.state, order.interest_fen) == (Instruction.State.DONE, 23_333)
        assert received(lot) == [REQUIRED + 23_333]
        lot.bank.move(minutes=1)
        lot.tick()
        assert Deposit.objects.get().state == Deposit.State.REFUNDED

    def test_without_interest_leaves_the_interest_with_the_pool(self, lot):
        order = refund(lot, with_interest=False)
        lot.bank.move(days=25)
        lot.tick()
        lot.bank.move(minutes=1)
        lot.tick()
        order.refresh_from_db()
        assert (order.state, order.interest_fen) == (Instruction.State.DONE, 0)
        assert received(lot) == [REQUIRED]
        assert LedgerAccount.objects.get(code="L:KEPT_INTEREST:gusu").cp == 23_333

    def test_from_another_payer_is_sent_back_to_that_payer(self, lot):
        party, number = lot.join(FIRM)
        lot.pay(number, from_name="路人甲", from_account="6222000011112222", from_kind="PERSONAL")
        lot.bank.move(minutes=1)
        lot.tick()
        assert lot.deposit(party).codes[0] == "PERSONAL_ACCOUNT"
        lot.bank.move(days=5)
        lot.open(lot.bank.now)
        (order,) = lot.order(party)
        lot.approve(order)
        lot.tick()
        order.refresh_from_db()
        assert order.state == Instruction.State.DONE


class TestAFault:
    @pytest.mark.parametrize("fault", ["LOSE_ANSWER", "GARBLE", "FORGED_ANSWER"])
    def test_after_the_payment_leaves_a_doubt_that_a_query_ends(self, lot, fault):
        order = refund(lot)
        lot.bank.process.plan({"match": "REFUND", "fault": fault, "nth": 1})
        lot.tick()
        order.refresh_from_db()
        assert order.state == Instruction.State.UNKNOWN
        lot.bank.move(minutes=1)
        lot.tick()
        order.refresh_from_db()
        assert order.state == Instruction.State.DONE
        assert len(received(lot)) == 1

    @pytest.mark.parametrize("fault", ["LOSE_REQUEST", "SERVER_ERROR"])
    def test_before_the_payment_leaves_a_doubt_that_statements_and_a_bar_end(self, lot, fault):
        order = refund(lot, with_interest=False)
        lot.bank.process.plan({"match": "REFUND", "fault": fault, "nth": 1})
        lot.tick()
        for state in ("UNKNOWN", "ABSENT", "FAILED_CONFIRMED"):
            lot.bank.move(days=1)
            lot.tick()
            order.refresh_from_db()
            assert (order.state, received(lot)) == (state, [])
        (again,) = lot.order()
        lot.approve(again)
        lot.tick()
        assert received(lot) == [REQUIRED]

    def test_in_the_front_end_queue_is_never_paid_on_another_day(self, lot):
        order = refund(lot)
        lot.bank.process.plan({"match": "REFUND", "fault": "QUEUE", "nth": 1})
        lot.tick()
        lot.bank.move(days=1)
        lot.bank.process.call("POST", "/truth/flush", {})
        for _ in range(2):
            lot.bank.move(days=1)
            lot.tick()
        order.refresh_from_db()
        # `valid_on` makes the bank refuse the late copy; statements and a bar then end the doubt.
        assert (order.state, received(lot)) == (Instruction.State.FAILED_CONFIRMED, [])

    def test_of_a_lost_notice_is_made_good_by_the_poll(self, lot):
        lot.bank.process.plan({"match": "CREDIT_NOTIFY", "fault": "LOSE_NOTICE"})
        party, number = lot.join(FIRM)
        lot.pay(number)
        lot.tick()
        assert lot.deposit(party).state == Deposit.State.MATCHED

    def test_of_a_returned_payment_owes_the_money_again(self, lot):
        order = refund(lot, with_interest=False)
        lot.tick()
        order.refresh_from_db()
        facts = {"serial": order.serial, "bank_day": str(order.bank_day)}
        lot.bank.process.call("POST", "/truth/return", facts)
        lot.bank.move(minutes=1)
        lot.tick()
        order.refresh_from_db()
        assert order.state == Instruction.State.RETURNED
        assert BankCredit.objects.get().state == BankCredit.State.COUNTED

    def test_of_a_closed_payer_account_is_a_refusal(self, lot):
        order = refund(lot)
        lot.bank.process.call("POST", "/truth/close-payer", {"account": FIRM.basic_account})
        lot.tick()
        order.refresh_from_db()
        assert order.outcome == "PAYEE_ACCOUNT_CLOSED"

    def test_a_dead_bank_is_waited_for_and_paid_through_once(self, lot):
        order = refund(lot)
        lot.bank.process.kill()
        lot.tick()
        order.refresh_from_db()
        assert order.state == Instruction.State.QUEUED
        lot.bank.process.start()
        django_settings.BANKS["gusu"] = f"http://127.0.0.1:{lot.bank.process.port}"
        lot.bank.move(minutes=1)
        lot.tick()
        order.refresh_from_db()
        assert order.state == Instruction.State.DONE
        assert len(received(lot)) == 1


class TestTheAdapter:
    """The conformance questions every bank's adapter must answer alike."""

    def test_answers_every_question_without_raising(self, world):
        adapter = adapters.adapter_for("gusu")
        (row,) = banks.connected(world.now)
        accounts.fill_pool(row, now=world.now)
        request = row.sub_accounts.first().id
        assert adapter.ping() is True
        first = adapter.open_sub_account(request=request, parent=row.parent_account, name="x")
        # The same request with another name is not the same request.
        assert isinstance(first, Unknown)
        day = world.now.date()
        assert adapter.query(serial="0" * 24, bank_day=day) == NotFound(serial="0" * 24)
        assert isinstance(adapter.intraday(cursor="", until=day), Page)
        parent = row.parent_account
        assert isinstance(adapter.statement(parent=parent, day=day), NotReady)
        yesterday = adapter.statement(parent=parent, day=day - timedelta(days=1))
        assert isinstance(yesterday, DayEnd)
        assert yesterday.sums_hold
        assert adapter.cancel(serial="1" * 24, bank_day=day) == Barred(bank_day=day)

    def test_bars_no_order_that_was_paid(self, lot):
        order = refund(lot)
        lot.tick()
        order.refresh_from_db()
        adapter = adapters.adapter_for("gusu")
        assert adapter.cancel(serial=order.serial, bank_day=order.bank_day) == TooLate()

    def test_opens_one_account_for_one_request(self, world):
        adapter = adapters.adapter_for("gusu")
        (row,) = banks.connected(world.now)
        accounts.fill_pool(row, now=world.now)
        account = row.sub_accounts.first()
        facts = {
            "request": account.id,
            "parent": row.parent_account,
            "name": account.holder_name,
        }
        once, again = adapter.open_sub_account(**facts), adapter.open_sub_account(**facts)
        assert isinstance(once, Account)
        assert once == again

    def test_writes_the_same_order_in_the_same_bytes_and_reads_it_back(self, lot):
        refund(lot)
        adapter = adapters.adapter_for("gusu")
        order = Instruction.objects.select_related(
            "credit__deposit__requirement", "deposit__requirement", "bank"
        ).get()
        payment = payment_order(order, valid_on=lot.bank.now.date())
        assert adapter.encode(payment) == adapter.encode(payment)
        assert adapter.decode(adapter.encode(payment)) == payment

    def test_proves_that_nothing_left_only_when_nobody_listened(self, lot):
        refund(lot)
        sending.queue_approved(Bank.objects.get(), now=lot.bank.now)
        wire = sending.wire_of(Instruction.objects.get())
        lot.bank.process.kill()
        assert isinstance(adapters.adapter_for("gusu").send(wire), NotSent)
        lot.bank.process.start()
        django_settings.BANKS["gusu"] = f"http://127.0.0.1:{lot.bank.process.port}"
        lot.bank.process.plan({"match": "REFUND", "fault": "LOSE_REQUEST", "nth": 1})
        assert isinstance(adapters.adapter_for("gusu").send(wire), Unknown)

    def test_does_not_believe_an_answer_signed_with_another_key(self, world, settings, tmp_path):
        keys = json.loads(adapters.keys_file("gusu").read_text())
        keys["bank"] = [{"id": "bank-1", "secret": secrets.token_hex(32)}]
        folder = tmp_path / "other" / "gusu"
        folder.mkdir(parents=True)
        (folder / "keys.json").write_text(json.dumps(keys))
        settings.BANK_KEYS = tmp_path / "other"
        answer = adapters.adapter_for("gusu").query(serial="0" * 24, bank_day=world.now.date())
        assert isinstance(answer, Unknown)
        assert not isinstance(answer, Done)


class TestHealth:
    def test_is_asked_once_a_minute_whatever_happens(self, world):
        (row,) = banks.connected(world.now)
        banks.check_health(row, now=world.now)
        assert row.is_up
        world.process.stop()
        banks.check_health(row, now=world.now + timedelta(seconds=59))
        assert row.is_up
        banks.check_health(row, now=world.now + timedelta(seconds=60))
        assert not Bank.objects.get().is_up
