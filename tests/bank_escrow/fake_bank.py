"""A bank in memory behind the adapter's protocol, with the faults a test asks for.

It is a real bank in one respect: it remembers what it paid, and paying the same serial twice is
counted as two payments. What the ledger says is compared with that.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from bank_escrow.adapters import open_api_codec
from bank_escrow.adapters.profiles import PROFILES
from bank_escrow.adapters.protocol import (
    Account,
    Barred,
    DayEnd,
    Done,
    Entry,
    Failed,
    NotFound,
    NotReady,
    NotSent,
    Page,
    PaymentOrder,
    Processing,
    TooLate,
    Unknown,
)
from bank_escrow.domain import interest, serials

BANK = "gusu"


class Crash(BaseException):
    """Our process died here; a BaseException, so that nothing on the way can swallow it."""


@dataclass
class FakeBank:
    """The bank. `now` is its clock, `faults` what happens to the next sendings, in order."""

    now: datetime
    entries: list[Entry] = field(default_factory=list)
    paid: list[PaymentOrder] = field(default_factory=list)
    outcomes: dict[str, Done | Failed | Processing] = field(default_factory=dict)
    pending: dict[str, PaymentOrder] = field(default_factory=dict)
    faults: deque[str] = field(default_factory=deque)
    sent: list[str] = field(default_factory=list)
    is_up: bool = True
    answers_queries: bool = True
    bars: bool = True
    barred: set[str] = field(default_factory=set)
    numbers: dict[UUID, str] = field(default_factory=dict)
    hidden_from_statement: set[str] = field(default_factory=set)
    wrong_payee: bool = False
    extra_interest: int = 0

    @property
    def profile(self):
        return PROFILES[BANK]

    def day(self) -> date:
        return serials.bank_day(self.now, switches_at=self.profile.day_switches_at)

    # The protocol ---------------------------------------------------------------------------

    def ping(self) -> bool:
        return self.is_up

    def open_sub_account(self, *, request: UUID, parent: str, name: str):
        if not self.is_up:
            return Unknown(why="DOWN")
        number = self.numbers.setdefault(request, f"{request.int % 10**19:019}")
        return Account(number=number)

    def encode(self, order: PaymentOrder) -> bytes:
        return open_api_codec.encode(order, charset="utf-8")

    def decode(self, wire: bytes) -> PaymentOrder:
        return open_api_codec.decode(wire, charset="utf-8")

    def send(self, wire: bytes):
        order = self.decode(wire)
        fault = self.faults.popleft() if self.faults else "PAY"
        if fault == "NOT_SENT":
            return NotSent(proof="ConnectError")
        self.sent.append(order.serial)
        if fault == "LOST":
            return Unknown(why="ReadTimeout")
        if fault == "CRASH_BEFORE":
            self.sent.pop()
            raise Crash
        if fault == "REFUSE":
            self.outcomes[order.serial] = Failed(
                serial=order.serial, bank_day=self.day(), code="INSUFFICIENT_FUNDS"
            )
            return self.outcomes[order.serial]
        if fault == "PROCESSING":
            self.outcomes[order.serial] = Processing(serial=order.serial)
            self.pending[order.serial] = order
            return self.outcomes[order.serial]
        if fault == "QUEUE":
            self.pending[order.serial] = order
            return Unknown(why="ReadTimeout")
        done = self.pay(order)
        if fault == "LOSE_ANSWER":
            return Unknown(why="ReadTimeout")
        if fault == "CRASH_AFTER":
            raise Crash
        return done

    def query(self, *, serial: str, bank_day: date):
        if not self.answers_queries:
            return Unknown(why="ReadTimeout")
        return self.outcomes.get(serial, NotFound(serial=serial))

    def cancel(self, *, serial: str, bank_day: date):
        if not self.bars:
            return Unknown(why="ReadTimeout")
        if isinstance(self.outcomes.get(serial), Done | Failed):
            return TooLate()
        self.barred.add(serial)
        self.pending.pop(serial, None)
        return Barred(bank_day=self.day())

    def intraday(self, *, cursor: str, until: date):
        if not self.is_up:
            return Unknown(why="DOWN")
        start = int(cursor or 0)
        found = tuple(self.entries[start : start + 50])
        end = start + len(found)
        return Page(entries=found, cursor=str(end), more=end < len(self.entries))

    def statement(self, *, parent: str, day: date):
        if day >= self.day():
            return NotReady()
        rows = tuple(
            row
            for row in self.entries
            if row.bank_day == day and row.serial not in self.hidden_from_statement
        )
        return DayEnd(
            day=day,
            version=1,
            final=True,
            opening_fen=0,
            closing_fen=sum(r.amount_fen * (1 if r.incoming else -1) for r in rows),
            rows=rows,
            sums_hold=True,
            raw=b"{}",
        )

    def authenticate(self, *, headers, target, body, now):
        raise NotImplementedError

    def parse(self, body: bytes):
        return (open_api_codec.notice(body, bank=BANK, fail_codes=self.profile.fail_codes),)

    # What happens in the world --------------------------------------------------------------

    def transfer(
        self,
        account: str,
        amount_fen: int,
        *,
        name: str = "苏州恒筑建设有限公司",
        from_account: str = "1102020301040506",
        at: datetime | None = None,
        ref: str | None = None,
        **changes: Any,
    ) -> Entry:
        """Somebody pays."""
        booked = at or self.now
        entry = Entry(
            bank_ref=ref or f"CR{len(self.entries):08}",
            account=account,
            incoming=True,
            kind=Entry.TRANSFER_IN,
            amount_fen=amount_fen,
            currency="CNY",
            bank_day=serials.bank_day(booked, switches_at=self.profile.day_switches_at),
            booked_at=booked,
            counterparty_name=name,
            counterparty_account=from_account,
            personal=False,
            remark="",
            serial="",
        )
        entry = replace(entry, **changes)
        self.entries.append(entry)
        return entry

    def pay(self, order: PaymentOrder) -> Done:
        """Pay an order, as often as it is asked to."""
        self.paid.append(order)
        to = "9" * 16 if self.wrong_payee else order.payee_account
        due = self._interest(order) + self.extra_interest if order.with_interest else 0
        refs = len(self.entries)
        kind = Entry.REFUND_OUT if order.purpose == "REFUND" else Entry.FORFEIT_OUT
        out = self._out(order, kind, order.amount_fen, to, f"DR{refs:08}")
        if due:
            self.entries.append(
                replace(
                    out, kind=Entry.INTEREST, incoming=True, amount_fen=due, bank_ref=f"IN{refs}"
                )
            )
        self.entries.append(out)
        if due:
            self.entries.append(
                replace(out, kind=Entry.INTEREST_OUT, amount_fen=due, bank_ref=f"IO{refs}")
            )
        done = Done(
            serial=order.serial,
            bank_day=self.day(),
            amount_fen=order.amount_fen,
            payee_account=to,
            interest_fen=due,
            bank_ref=out.bank_ref,
            settled_at=self.now,
        )
        self.outcomes[order.serial] = done
        return done

    def flush(self) -> None:
        """Everything in the front-end queue is executed, whatever the day."""
        for serial, order in list(self.pending.items()):
            del self.pending[serial]
            self.pay(order)

    def bounce(self, serial: str) -> Entry:
        """A payment comes back (退汇)."""
        order = next(order for order in self.paid if order.serial == serial)
        entry = replace(
            self._out(order, Entry.RETURN_IN, order.amount_fen, order.payee_account, "x"),
            incoming=True,
            bank_ref=f"RT{len(self.entries):08}",
        )
        self.entries.append(entry)
        return entry

    def cash_fen(self) -> int:
        """What the bank holds for us."""
        return sum(e.amount_fen * (1 if e.incoming else -1) for e in self.entries)

    def tomorrow(self) -> None:
        self.now += timedelta(days=1)

    def _out(self, order: PaymentOrder, kind: str, fen: int, to: str, ref: str) -> Entry:
        return Entry(
            bank_ref=ref,
            account=order.account,
            incoming=False,
            kind=kind,
            amount_fen=fen,
            currency="CNY",
            bank_day=self.day(),
            booked_at=self.now,
            counterparty_name=order.payee_name,
            counterparty_account=to,
            personal=False,
            remark=order.remark,
            serial=order.serial,
        )

    def _interest(self, order: PaymentOrder) -> int:
        origin = next(e for e in self.entries if e.bank_ref == order.original_ref)
        return interest.accrued(
            order.amount_fen, since=origin.bank_day, until=self.day(), rates=self.profile.rates
        )
