"""Turn "absent" into "unpaid": the bank bars the order, then closes the day on which it did.

Two closed days without an order do not prove that no copy of it lies in some queue. A bar does,
from its day on; and the final statements up to that day say whether it was paid before
(`bank.md` §1.1, camt.029). A bank that cannot bar leaves it to two persons with its letter
(`statements.confirm_unpaid`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from audit.services import record_all
from bank_escrow import adapters
from bank_escrow.adapters.protocol import Barred, TooLate
from bank_escrow.domain import serials
from bank_escrow.events import PaymentAnswered
from bank_escrow.models import Bank, Break, Instruction, Statement
from bank_escrow.services.breaks import resolve_break
from bank_escrow.services.settling import give_back, settle, wait_longer
from bank_escrow.services.statements import fetch, settle_by_statement
from bank_escrow.services.states import locked_instruction, move_instruction

_DAY = timedelta(days=1)
_BARRED_ON = "barred_on"


def bar_absent(bank: Bank, *, now: datetime) -> None:
    """Have every absent order barred, and end those whose bar the statements have reached."""
    today = serials.bank_day(now, switches_at=adapters.profile_for(bank.code).day_switches_at)
    absent = Instruction.objects.filter(bank=bank, state=Instruction.State.ABSENT).order_by("id")
    for order in absent:
        found = _break_of(order)
        if found is None or order.bank_day is None:
            continue
        if _BARRED_ON in found.facts:
            barred_on = date.fromisoformat(found.facts[_BARRED_ON])
            days = _days(order.bank_day, barred_on)
            fetch(bank, [day for day in days if day < today], now=now)
            _conclude(order.id, days, now=now)
        elif order.next_query_at is None or order.next_query_at <= now:
            _bar(bank, order, found, now=now)
    _close_breaks(bank, now=now)


def _bar(bank: Bank, order: Instruction, found: Break, *, now: datetime) -> None:
    assert order.bank_day is not None
    adapter = adapters.adapter_for(bank.code)
    match adapter.cancel(serial=order.serial, bank_day=order.bank_day):
        case Barred(bank_day=barred_on):
            found.facts |= {_BARRED_ON: str(max(barred_on, order.bank_day))}
            found.save(update_fields=["facts"])
        case TooLate():
            outcome = adapter.query(serial=order.serial, bank_day=order.bank_day)
            settle(instruction_id=order.id, outcome=outcome, now=now)
        case _:
            with transaction.atomic():
                wait_longer(locked_instruction(order.id), now=now)


@transaction.atomic
def _conclude(order_id: UUID, days: list[date], *, now: datetime) -> None:
    order = locked_instruction(order_id)
    closed = Statement.objects.filter(bank=order.bank, day__in=days, final=True)
    if order.state != Instruction.State.ABSENT:
        return
    if settle_by_statement(order, closed, now=now):
        return
    found = _break_of(order)
    if found is None or closed.values("day").distinct().count() < len(days):
        return
    bank = f"bank:{order.bank_id}"
    move_instruction(order, "confirm_unpaid", now=now, outcome="BARRED_UNPAID", next_query_at=None)
    give_back(order, now=now)
    resolution = f"unpaid, barred on {found.facts[_BARRED_ON]}"
    resolve_break(break_id=found.id, resolution=resolution, actor=bank, now=now)
    event = PaymentAnswered(instruction=order.id, state=order.state, outcome=order.outcome)
    streams = [] if order.deposit_id is None else [f"deposit/{order.deposit_id}"]
    record_all(
        [(stream, event) for stream in [*streams, f"instruction/{order.id}"]], actor=bank, now=now
    )


def _close_breaks(bank: Bank, *, now: datetime) -> None:
    """Close the break of an order that is absent no more: an answer or a statement has come."""
    ended = Instruction.objects.filter(bank=bank).exclude(state=Instruction.State.ABSENT)
    found = Break.objects.filter(
        bank=bank,
        kind=Break.Kind.ABSENT,
        resolved_at__isnull=True,
        source_id__in=ended.values("id"),
    )
    for break_id in found.values_list("id", flat=True):
        resolve_break(break_id=break_id, resolution="settled", actor=f"bank:{bank.code}", now=now)


def _break_of(order: Instruction) -> Break | None:
    return Break.objects.filter(
        bank=order.bank_id, kind=Break.Kind.ABSENT, source_id=order.id, resolved_at__isnull=True
    ).first()


def _days(first: date, last: date) -> list[date]:
    return [first + n * _DAY for n in range((last - first).days + 1)]
