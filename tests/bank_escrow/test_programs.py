"""Random programs of payments, faults, crashes and hands: the books stay whole, none is paid twice.

A program is a list of acts. After each act every invariant is asked; at the end the faults stop,
and within four bank days every order has ended or waits for people with a break to its name.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank_escrow import services
from bank_escrow.domain.lifecycle import INSTRUCTION, OVER
from bank_escrow.models import Bank, Break, Deposit, Instruction, LedgerAccount
from core.verdicts import Refusal
from tests.bank_escrow.fake_bank import Crash, FakeBank
from tests.bank_escrow.lots import CUTOFF, EARLIER, HENGZHU, PINGJIANG, REQUIRED, Lot
from tests.books import assert_sound

FAULTS = [
    "PAY",
    "NOT_SENT",
    "LOST",
    "LOSE_ANSWER",
    "REFUSE",
    "PROCESSING",
    "QUEUE",
    "CRASH_BEFORE",
    "CRASH_AFTER",
]
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), st.integers(0, 1), st.sampled_from([REQUIRED, 1, REQUIRED * 2])),
        st.tuples(st.just("stranger_pays"), st.integers(0, 1)),
        st.tuples(st.just("fault"), st.sampled_from(FAULTS)),
        st.tuples(st.sampled_from(["tick", "minute", "day", "open", "order", "flush"])),
        st.tuples(st.sampled_from(["sign", "cancel", "freeze", "unfreeze"]), st.integers(0, 3)),
        st.tuples(st.just("bounce"), st.integers(0, 3)),
        st.tuples(st.just("ask_back"), st.integers(0, 1)),
    ),
    max_size=25,
)


class Program:
    """One world, run act by act."""

    def __init__(self, bank: FakeBank) -> None:
        self.bank = bank
        self.lot = Lot(bank)
        self.bidders = [self.lot.join(payer) for payer in (HENGZHU, PINGJIANG)]

    def run(self, acts) -> None:
        for name, *facts in acts:
            # A refusal is a fine answer, a crash is part of the world.
            with contextlib.suppress(Refusal, Crash):
                getattr(self, name)(*facts)
            assert_sound()
            self.nobody_is_paid_twice()

    def nobody_is_paid_twice(self) -> None:
        back = Counter(e.serial for e in self.bank.entries if e.kind == "RETURN_IN")
        paid = Counter(order.original_ref for order in self.bank.paid)
        for order in self.bank.paid:
            paid[order.original_ref] -= back.pop(order.serial, 0)
        assert all(times <= 1 for times in paid.values())
        payers = {e.bank_ref: e.counterparty_account for e in self.bank.entries if e.incoming}
        assert all(payers[o.original_ref] == o.payee_account for o in self.bank.paid)

    def settle_down(self) -> None:
        """Faults stop, the clock runs on."""
        self.bank.faults.clear()
        self.flush()
        for _ in range(5):
            self.day()
            self.tick()
        moving = Instruction.objects.exclude(
            state__in=[*OVER, "DONE", "DRAFT", "SUBMITTED", "ABSENT", "BREAK"]
        )
        if not Bank.objects.filter(stopped_at__isnull=False).exists():
            assert list(moving.values_list("state", flat=True)) == []
        owned = set(Break.objects.values_list("source_id", flat=True))
        waiting = Instruction.objects.filter(state__in=["ABSENT", "BREAK"])
        assert set(waiting.values_list("id", flat=True)) <= owned
        account = LedgerAccount.objects.filter(code="A:BANK:gusu").first()
        if not waiting.exists():
            assert self.bank.cash_fen() == (account.dp - account.cp if account else 0)

    # Acts -----------------------------------------------------------------------------------

    def pay(self, who, fen):
        payer = (HENGZHU, PINGJIANG)[who]
        number = self.bidders[who][1]
        self.bank.transfer(number, fen, name=payer.name, from_account=payer.basic_account)

    def stranger_pays(self, who):
        self.bank.transfer(self.bidders[who][1], REQUIRED, name="路人", from_account="1")

    def fault(self, which):
        self.bank.faults.append(which)

    def tick(self):
        self.lot.tick()

    def minute(self):
        self.bank.now += timedelta(minutes=1)
        self.lot.tick()

    def day(self):
        self.bank.now += timedelta(days=1)
        self.lot.tick()

    def open(self):
        self.lot.open(max(self.bank.now, CUTOFF))

    def order(self):
        self.lot.order(with_interest=True)

    def sign(self, which):
        if orders := list(Instruction.objects.filter(state="DRAFT").order_by("id")):
            self.lot.approve(orders[which % len(orders)])

    def cancel(self, which):
        if orders := list(Instruction.objects.order_by("id")):
            order = orders[which % len(orders)]
            services.cancel(instruction_id=order.id, why="x", actor="chen", now=self.bank.now)

    def freeze(self, which):
        services.freeze(
            reference=self.lot.reference,
            party=self.bidders[which % 2][0],
            basis="x",
            document=uuid4(),
            actor="chen",
            now=self.bank.now,
        )

    def unfreeze(self, which):
        services.unfreeze(
            reference=self.lot.reference,
            party=self.bidders[which % 2][0],
            basis="x",
            actor="chen",
            now=self.bank.now,
        )

    def ask_back(self, who):
        services.return_before_opening(
            reference=self.lot.reference,
            party=self.bidders[who][0],
            actor="sun",
            signature_id=None,
            now=self.bank.now,
        )

    def flush(self):
        self.bank.flush()

    def bounce(self, which):
        returned = {e.serial for e in self.bank.entries if e.kind == "RETURN_IN"}
        if paid := [o.serial for o in self.bank.paid if o.serial not in returned]:
            self.bank.bounce(paid[which % len(paid)])


@contextlib.contextmanager
def world(bank: FakeBank):
    """A world that is gone afterwards, in the database as in the bank."""
    # A savepoint and not an atomic block, within which a claim could not be durable.
    before = transaction.savepoint()
    bank.__dict__.update(FakeBank(now=EARLIER).__dict__)
    try:
        yield Program(bank)
    finally:
        transaction.savepoint_rollback(before)


class TestAnyProgram:
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(acts=ACTS)
    def test_keeps_the_books_whole_and_pays_nobody_twice(self, bank, acts):
        with world(bank) as program:
            program.run(acts)
            program.settle_down()

    @pytest.mark.long
    @settings(
        max_examples=5000,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(acts=ACTS)
    def test_keeps_them_whole_for_long(self, bank, acts):
        with world(bank) as program:
            program.run(acts)
            program.settle_down()

    def test_of_note_reaches_every_state(self, bank):
        """The programs above would prove little if they never came far: this one does."""
        with world(bank) as program:
            program.run(
                [
                    ("pay", 0, REQUIRED),
                    ("pay", 1, REQUIRED),
                    ("minute",),
                    ("open",),
                    ("order",),
                    ("sign", 0),
                    ("fault", "LOSE_ANSWER"),
                    ("tick",),
                    ("minute",),
                    ("minute",),
                    ("bounce", 0),
                    ("minute",),
                    ("order",),
                    ("sign", 0),
                    ("sign", 0),
                    ("minute",),
                ]
            )
            program.settle_down()
            states = Counter(Instruction.objects.values_list("state", flat=True))
            assert states == {"DONE": 2, "RETURNED": 1}
            assert {d.state for d in Deposit.objects.all()} == {Deposit.State.REFUNDED}
            assert set(states) <= set(INSTRUCTION.states)
