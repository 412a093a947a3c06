"""What the bank's answer does to an order and to the books.

Every way of learning an outcome (the answer to sending, a query, a notice, a statement) ends here,
so that each rule stands once. An outcome that is known already changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from audit.services import record
from bank_escrow import sealed
from bank_escrow.adapters.protocol import (
    Asked,
    Done,
    Entry,
    Failed,
    NotFound,
    NotSent,
    Processing,
    Sent,
    Unknown,
)
from bank_escrow.domain.beneficiary import Party, Purpose
from bank_escrow.domain.lifecycle import INSTRUCTION, OPEN_AT_BANK, OVER
from bank_escrow.domain.names import account_number
from bank_escrow.domain.postings import Posting, line
from bank_escrow.events import PaymentAnswered, PaymentDone, PaymentReturned
from bank_escrow.models import BankCredit, Break, Deposit, Instruction, Outbox
from bank_escrow.services.breaks import open_break
from bank_escrow.services.expected import interest_fen
from bank_escrow.services.ledger import move, post
from bank_escrow.services.states import (
    locked_instruction,
    move_deposit,
    move_instruction,
)


class NotYet(Exception):  # noqa: N818 - said of the moment
    """A return overtook the word that its payment was made: to be booked again after a query."""


# These ended without a payment; one that was paid and came back is no contradiction.
_NEVER_PAID = OVER - {Instruction.State.RETURNED}
# 5 s, 15 s, 1 min, 5 min, then every 15 min.
_WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900))


@transaction.atomic
def settle(*, instruction_id: UUID, outcome: Sent | Asked, now: datetime) -> None:
    """Move an order by what the bank said."""
    order = locked_instruction(instruction_id)
    match outcome:
        case Done():
            _settle_done(order, outcome, now=now)
        case Failed() if outcome.bank_day == order.bank_day:
            _settle_failed(order, outcome, now=now)
        case Failed():
            # A late copy failed on a later day; what the first did that says nothing about.
            wait_longer(order, now=now)
        case NotSent():
            _put_back(order, outcome, now=now)
        case Processing() if INSTRUCTION.can(order.state, "process"):
            _answered(order, "process", "PROCESSING", now=now)
        case Unknown() if INSTRUCTION.can(order.state, "lose"):
            _answered(order, "lose", outcome.why, now=now)
        case Processing() | Unknown() | NotFound():
            # Not found is not failed; silence is not an answer. Only the wait grows.
            wait_longer(order, now=now)


def beneficiary(order: Instruction) -> Party:
    """Return who receives: the payer of the credit, or the lot's configured forfeit account."""
    if order.purpose == Purpose.REFUND:
        return sealed.payer(order.credit)
    assert order.deposit is not None
    return sealed.payee(order.deposit.requirement.forfeit_account)


@transaction.atomic
def ask_now(entry: Entry, *, bank: str, now: datetime) -> None:
    """Compare money that left with the order that sent it; query the order at once.

    Money that left without an order of ours, not as ordered, a second time, or for an order that
    the bank had said it would never pay, stops the bank.
    """
    order = Instruction.objects.filter(bank=bank, serial=entry.serial).first()
    if order is None:
        open_break(
            bank=bank,
            kind=Break.Kind.UNKNOWN_DEBIT,
            source_id=_entry_id(bank, entry),
            critical=True,
            now=now,
            facts={"amount_fen": entry.amount_fen},
        )
        return
    order = locked_instruction(order.pk)
    if not _is_as_ordered(order, amount_fen=entry.amount_fen, to=entry.counterparty_account):
        _contradict(order, Break.Kind.WRONG_PAYEE, now=now)
    elif order.state in _NEVER_PAID or (order.bank_ref and order.bank_ref != entry.bank_ref):
        _contradict(order, Break.Kind.CONTRADICTION, now=now)
    elif order.state in {*OPEN_AT_BANK, Instruction.State.ABSENT}:
        Instruction.objects.filter(pk=order.pk).update(next_query_at=now)


@transaction.atomic
def take_back(entry: Entry, *, bank: str, now: datetime) -> None:
    """Book a payment that came back (退汇): the money is owed again, by a new order."""
    order = Instruction.objects.filter(bank=bank, serial=entry.serial).first()
    if order is None:
        open_break(
            bank=bank,
            kind=Break.Kind.CONTRADICTION,
            source_id=_entry_id(bank, entry),
            critical=False,
            now=now,
            facts={"what": "return"},
        )
        return
    order = locked_instruction(order.pk)
    if order.state == Instruction.State.RETURNED:
        return
    if INSTRUCTION.can(order.state, "done"):
        raise NotYet(entry.serial)
    if order.state != Instruction.State.DONE or entry.amount_fen != order.amount_fen:
        open_break(
            bank=bank,
            kind=Break.Kind.CONTRADICTION,
            source_id=order.id,
            critical=False,
            now=now,
            facts={"what": "return", "state": order.state},
        )
        return
    move_instruction(order, "return", now=now)
    credit = _locked_credit(order)
    posting = Posting.RETURNED_SUSPENSE if order.from_suspense else Posting.RETURNED
    state = BankCredit.State.SUSPENSE if order.from_suspense else BankCredit.State.COUNTED
    move(credit, posting, state=state, business_date=entry.bank_day, now=now)
    if order.deposit is not None:
        deposit = order.deposit
        if deposit.state in {Deposit.State.REFUNDED, Deposit.State.FORFEITED}:
            move_deposit(deposit, "return")
        record(
            stream=f"deposit/{deposit.id}",
            event=PaymentReturned(instruction=order.id, amount_fen=order.amount_fen),
            actor=f"bank:{bank}",
            now=now,
        )


def _settle_done(order: Instruction, done: Done, *, now: datetime) -> None:
    if order.state in {Instruction.State.DONE, Instruction.State.RETURNED}:
        return
    if not _is_as_ordered(order, amount_fen=done.amount_fen, to=done.payee_account):
        _contradict(order, Break.Kind.WRONG_PAYEE, now=now)
        return
    act = "confirm_paid" if order.state == Instruction.State.BREAK else "done"
    if not INSTRUCTION.can(order.state, act):
        # First failed, later paid: the bank contradicts itself and the statement decides.
        _contradict(order, Break.Kind.CONTRADICTION, now=now)
        return
    move_instruction(
        order,
        act,
        now=now,
        outcome="DONE",
        interest_fen=done.interest_fen,
        bank_ref=done.bank_ref,
        settled_at=done.settled_at,
        paid_on=done.bank_day,
        next_query_at=None,
    )
    _book_payment(order, done, now=now)
    _check_interest(order, done, now=now)
    _tell_done(order, now=now)
    if order.deposit is not None:
        complete(order.deposit)


def _book_payment(order: Instruction, done: Done, *, now: datetime) -> None:
    credit = _locked_credit(order)
    is_refund = order.purpose == Purpose.REFUND
    move(
        credit,
        Posting.REFUND_DONE if is_refund else Posting.FORFEIT_DONE,
        state=BankCredit.State.REFUNDED if is_refund else BankCredit.State.FORFEITED,
        business_date=done.bank_day,
        now=now,
    )
    if not done.interest_fen:
        return
    for posting in (Posting.INTEREST_BOOKED, Posting.INTEREST_PAID):
        post(
            [
                line(
                    posting,
                    bank=order.bank_id,
                    owner=order.deposit_id or order.credit_id,
                    amount_fen=done.interest_fen,
                )
            ],
            kind=posting,
            source_type="instruction",
            source_id=order.id,
            number=0,
            business_date=done.bank_day,
            now=now,
        )


def _check_interest(order: Instruction, done: Done, *, now: datetime) -> None:
    """Compare the bank's interest with the rule; it pays what it books, a difference is a break."""
    expected = interest_fen(order, paid_on=done.bank_day)
    if done.interest_fen != expected:
        open_break(
            bank=order.bank_id,
            kind=Break.Kind.INTEREST,
            source_id=order.id,
            critical=False,
            now=now,
            facts={"paid_fen": done.interest_fen, "expected_fen": expected},
        )


def _settle_failed(order: Instruction, failed: Failed, *, now: datetime) -> None:
    if order.state == Instruction.State.FAILED_BANK:
        return
    if not INSTRUCTION.can(order.state, "fail"):
        # First paid, later failed: nothing is booked back on the strength of that.
        _contradict(order, Break.Kind.CONTRADICTION, now=now)
        return
    _answered(order, "fail", failed.code, now=now)
    give_back(order, now=now)


def give_back(order: Instruction, *, now: datetime) -> None:
    """Put the money of an order that will not be paid where it was; it stays owed."""
    if order.purpose == Purpose.FORFEIT:
        posting, state = Posting.FORFEIT_FAILED, BankCredit.State.COUNTED
    elif order.from_suspense:
        posting, state = Posting.REFUND_FAILED_SUSPENSE, BankCredit.State.SUSPENSE
    else:
        posting, state = Posting.REFUND_FAILED, BankCredit.State.COUNTED
    credit = _locked_credit(order)
    move(credit, posting, state=state, business_date=credit.bank_day, now=now)


def complete(deposit: Deposit) -> None:
    """Close a deposit all of whose money has gone."""
    left = deposit.credits.exclude(
        state__in=[
            BankCredit.State.REFUNDED,
            BankCredit.State.FORFEITED,
            BankCredit.State.FOREIGN,
        ]
    )
    if left.exists():
        return
    if deposit.state == Deposit.State.REFUNDING:
        move_deposit(deposit, "complete")
    elif deposit.state == Deposit.State.FORFEITING:
        move_deposit(deposit, "complete_forfeit")


def _put_back(order: Instruction, outcome: NotSent, *, now: datetime) -> None:
    """Queue again what provably never left; in any other state the claim was ours no more."""
    if not INSTRUCTION.can(order.state, "unsent"):
        return
    _answered(order, "unsent", f"NOT_SENT_{outcome.proof}"[:60], now=now)
    Outbox.objects.filter(instruction=order).update(claimed_at=None)


def _answered(order: Instruction, act: str, outcome: str, *, now: datetime) -> None:
    asks = INSTRUCTION.after(order.state, act) in {"PROCESSING", "UNKNOWN"}
    move_instruction(
        order,
        act,
        now=now,
        outcome=outcome[:60],
        next_query_at=now + _WAITS[0] if asks else None,
    )
    _tell(order, outcome, now=now)


def wait_longer(order: Instruction, *, now: datetime) -> None:
    """Ask again, each time later than the time before."""
    wait = _WAITS[min(order.queries + 1, len(_WAITS) - 1)]
    Instruction.objects.filter(pk=order.pk).update(
        queries=order.queries + 1, next_query_at=now + wait
    )


def _contradict(order: Instruction, kind: Break.Kind, *, now: datetime) -> None:
    """Stop the bank: what it says and what we ordered do not go together."""
    if INSTRUCTION.can(order.state, "contradict"):
        _answered(order, "contradict", kind.value, now=now)
    open_break(
        bank=order.bank_id,
        kind=kind,
        source_id=order.id,
        critical=True,
        now=now,
        facts={"state": order.state},
    )


def _is_as_ordered(order: Instruction, *, amount_fen: int, to: str) -> bool:
    return amount_fen == order.amount_fen and account_number(to) == account_number(
        beneficiary(order).account
    )


def _locked_credit(order: Instruction) -> BankCredit:
    credit = BankCredit.objects.select_for_update(of=("self",)).get(pk=order.credit_id)
    credit.deposit = order.deposit
    return credit


def _tell(order: Instruction, outcome: str, *, now: datetime) -> None:
    event = PaymentAnswered(instruction=order.id, state=order.state, outcome=outcome[:60])
    for stream in _streams(order):
        record(stream=stream, event=event, actor=f"bank:{order.bank_id}", now=now)


def _tell_done(order: Instruction, *, now: datetime) -> None:
    event = PaymentDone(
        instruction=order.id,
        purpose=order.purpose,
        amount_fen=order.amount_fen,
        interest_fen=order.interest_fen,
        bank_ref=order.bank_ref,
    )
    for stream in _streams(order):
        record(stream=stream, event=event, actor=f"bank:{order.bank_id}", now=now)


def _streams(order: Instruction) -> list[str]:
    own = f"instruction/{order.id}"
    return [own] if order.deposit_id is None else [f"deposit/{order.deposit_id}", own]


def _entry_id(bank: str, entry: Entry) -> UUID:
    digest = sealed.account_index(f"{bank}{entry.account}{entry.bank_ref}")
    return UUID(bytes=digest[:16])
