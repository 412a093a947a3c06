"""Closed bank days: the only word that ends a doubt without the bank's live answer.

Two final statements without an order, its own day's and the next, make it ABSENT, which is still
not "unpaid": only people holding the bank's written answer say that (`bank.md` §3.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from audit.services import record_all
from bank_escrow import adapters, sealed, vault
from bank_escrow.adapters.protocol import DayEnd, Done, Entry
from bank_escrow.domain import serials
from bank_escrow.domain.lifecycle import INSTRUCTION, OPEN_AT_BANK
from bank_escrow.events import PaymentAnswered
from bank_escrow.models import Bank, Break, Instruction, Statement, StatementRow
from bank_escrow.services.breaks import open_break, resolve_break
from bank_escrow.services.settling import beneficiary, give_back, settle
from bank_escrow.services.states import locked_instruction, move_instruction
from core.verdicts import Refusal
from core.zone import at

_DAY = timedelta(days=1)
_OPEN = (*sorted(OPEN_AT_BANK), Instruction.State.ABSENT)


def close_doubts(bank: Bank, *, now: datetime) -> None:
    """Fetch the statements that open orders wait for, and let them decide."""
    today = serials.bank_day(now, switches_at=adapters.profile_for(bank.code).day_switches_at)
    orders = list(
        Instruction.objects.filter(
            bank=bank, state__in=sorted(OPEN_AT_BANK), bank_day__lt=today
        ).order_by("id")
    )
    fetch(bank, _days(orders, before=today), now=now)
    for order in orders:
        _decide(order.id, now=now)


@transaction.atomic
def confirm_unpaid(*, instruction_id: UUID, document: UUID, actor: str, now: datetime) -> None:
    """Say, holding the bank's written answer, that an order was not and never will be paid.

    Two persons must say so (`proposals`); `actor` is the second. Then the money is where it was,
    and a new order with a new serial and all its signatures may be prepared.
    """
    order = locked_instruction(instruction_id)
    found = (
        Break.objects.select_for_update()
        .filter(source_id=order.id, resolved_at__isnull=True)
        .order_by("opened_at")
        .first()
    )
    if not INSTRUCTION.can(order.state, "confirm_unpaid") or found is None:
        raise Refusal("M-207")
    move_instruction(order, "confirm_unpaid", now=now, outcome="CONFIRMED_UNPAID")
    give_back(order, now=now)
    resolve_break(break_id=found.id, resolution=f"unpaid, {document}", actor=actor, now=now)
    event = PaymentAnswered(instruction=order.id, state=order.state, outcome=order.outcome)
    streams = [f"instruction/{order.id}"]
    if order.deposit_id is not None:
        streams.insert(0, f"deposit/{order.deposit_id}")
    record_all([(stream, event) for stream in streams], actor=actor, now=now)


def _days(orders: Iterable[Instruction], *, before: date) -> list[date]:
    wanted = {
        day
        for order in orders
        if order.bank_day is not None
        for day in (order.bank_day, order.bank_day + _DAY)
        if day < before
    }
    return sorted(wanted)


def fetch(bank: Bank, days: Iterable[date], *, now: datetime) -> None:
    """Ask for the days whose final statement we do not have."""
    adapter = adapters.adapter_for(bank.code)
    for day in days:
        if Statement.objects.filter(bank=bank, day=day, final=True).exists():
            continue
        answer = adapter.statement(parent=bank.parent_account, day=day)
        if isinstance(answer, DayEnd):
            _keep(bank, answer, now=now)


@transaction.atomic
def _keep(bank: Bank, stated: DayEnd, *, now: datetime) -> None:
    if not stated.sums_hold:
        open_break(
            bank=bank.code,
            kind=Break.Kind.STATEMENT,
            source_id=UUID(bytes=sealed.account_index(f"{bank.code}{stated.day}")[:16]),
            critical=False,
            now=now,
            facts={"day": str(stated.day), "version": stated.version},
        )
        return
    new = uuid4()
    statement, created = Statement.objects.get_or_create(
        bank=bank,
        day=stated.day,
        version=stated.version,
        defaults={
            "id": new,
            "final": stated.final,
            "opening_fen": stated.opening_fen,
            "closing_fen": stated.closing_fen,
            "raw_sealed": vault.seal_bytes(stated.raw, context=f"statement/{new}"),
            "received_at": now,
        },
    )
    if created:
        StatementRow.objects.bulk_create(_row(statement, row) for row in stated.rows)


def _row(statement: Statement, row: Entry) -> StatementRow:
    return StatementRow(
        statement=statement,
        bank_ref=row.bank_ref,
        account_index=sealed.account_index(row.account),
        kind=row.kind,
        serial=row.serial,
        amount_fen=row.amount_fen,
        payee_index=sealed.account_index(row.counterparty_account),
    )


@transaction.atomic
def _decide(order_id: UUID, *, now: datetime) -> None:
    order = locked_instruction(order_id)
    if order.state not in OPEN_AT_BANK or order.bank_day is None:
        return
    days = [order.bank_day, order.bank_day + _DAY]
    closed = Statement.objects.filter(bank=order.bank, day__in=days, final=True)
    if settle_by_statement(order, closed, now=now):
        return
    if closed.values("day").distinct().count() == len(days):
        move_instruction(order, "miss", now=now, outcome="ABSENT", next_query_at=None)
        open_break(
            bank=order.bank_id,
            kind=Break.Kind.ABSENT,
            source_id=order.id,
            critical=False,
            now=now,
            facts={"serial": order.serial},
        )


def settle_by_statement(order: Instruction, closed: QuerySet[Statement], *, now: datetime) -> bool:
    """Settle an order that one of these closed days has paid, and say whether one has."""
    newest = {statement.day: statement for statement in closed.order_by("version")}
    rows = list(
        StatementRow.objects.filter(
            statement__in=newest.values(), serial=order.serial
        ).select_related("statement")
    )
    paid = [row for row in rows if row.kind in {Entry.REFUND_OUT, Entry.FORFEIT_OUT}]
    if paid:
        _settle_from(order, paid[0], rows, now=now)
    return bool(paid)


def _settle_from(
    order: Instruction, paid: StatementRow, rows: Iterable[StatementRow], *, now: datetime
) -> None:
    """Settle by the statement's row; a row that is not as ordered stops the bank in `settle`."""
    to = beneficiary(order)
    is_payee = bytes(paid.payee_index or b"") == sealed.account_index(to.account)
    settle(
        instruction_id=order.id,
        outcome=Done(
            serial=order.serial,
            bank_day=paid.statement.day,
            amount_fen=paid.amount_fen,
            payee_account=to.account if is_payee else "",
            interest_fen=sum(r.amount_fen for r in rows if r.kind == Entry.INTEREST_OUT),
            bank_ref=paid.bank_ref,
            settled_at=at(paid.statement.day),
        ),
        now=now,
    )
