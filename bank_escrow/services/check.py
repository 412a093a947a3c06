"""The ledger's invariants (`bank.md` §2.4), as one list of questions to the database.

Run after every step of every test, every five minutes by the clock (`services.books`), and by
`manage.py check_ledger`. Each question looks for counter-examples; an answer is the number found.
Numbers follow the design's list; those that need every day's statement belong to reconciliation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet

from bank_escrow import adapters
from bank_escrow.domain.beneficiary import Party, Purpose, is_same
from bank_escrow.domain.lifecycle import OVER
from bank_escrow.domain.postings import Class, Posting, account
from bank_escrow.domain.serials import is_serial
from bank_escrow.models import (
    BankCredit,
    Break,
    Instruction,
    JournalEntry,
    LedgerAccount,
)
from bank_escrow.sealed import payee, payer
from bank_escrow.services.expected import interest_fen
from bank_escrow.services.orders import content_sha
from bank_escrow.services.sending import wire_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One invariant and how many counter-examples it has."""

    code: str
    says: str
    broken: int

    @property
    def holds(self) -> bool:
        """Say whether there is none."""
        return self.broken == 0


def check() -> list[Answer]:
    """Ask every question, all of one moment of the database: payments go on while it is asked.

    Within a transaction of the caller's, what that transaction sees is what is checked.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return [Answer(code=code, says=says, broken=ask()) for code, says, ask in _QUESTIONS]


def trial_balance_fen() -> int:
    """Return debits less credits over all accounts: zero, or the books are wrong."""
    return _number(
        "SELECT coalesce(sum(dp), 0) - coalesce(sum(cp), 0) FROM bank_escrow_ledgeraccount"
    )


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        (value,) = cursor.fetchone()
    return int(value)


def _lines_are_whole() -> int:
    return _number(
        "SELECT count(*) FROM bank_escrow_journalline WHERE amount_fen <= 0 OR debit_id = credit_id"
    ) + _number(
        "SELECT count(*) FROM bank_escrow_journalentry e WHERE NOT EXISTS"
        " (SELECT 1 FROM bank_escrow_journalline l WHERE l.entry_id = e.id)"
    )


def _sums_agree() -> int:
    return _number(
        "SELECT count(*) FROM (SELECT coalesce(sum(dp), 0) AS d, coalesce(sum(cp), 0) AS c"
        " FROM bank_escrow_ledgeraccount) AS a, (SELECT coalesce(sum(amount_fen), 0) AS s"
        " FROM bank_escrow_journalline) AS l WHERE a.d <> a.c OR a.d <> l.s"
    )


def _caches_are_folds() -> int:
    return _number(
        "SELECT count(*) FROM bank_escrow_ledgeraccount a"
        " LEFT JOIN (SELECT debit_id AS code, sum(amount_fen) AS s FROM bank_escrow_journalline"
        " GROUP BY 1) AS d ON d.code = a.code"
        " LEFT JOIN (SELECT credit_id AS code, sum(amount_fen) AS s FROM bank_escrow_journalline"
        " GROUP BY 1) AS c ON c.code = a.code"
        " WHERE a.dp <> coalesce(d.s, 0) OR a.cp <> coalesce(c.s, 0)"
    )


def _nothing_is_overdrawn() -> int:
    return _number("SELECT count(*) FROM bank_escrow_ledgeraccount WHERE kind = 'L' AND cp < dp")


def _credits_are_booked_once() -> int:
    booked = JournalEntry.objects.filter(kind=Posting.CREDIT_SEEN)
    entries = dict(
        booked.values_list("source_id").annotate(n=Count("id")).values_list("source_id", "n")
    )
    credits_ = BankCredit.objects.exclude(state=BankCredit.State.FOREIGN)
    ids = set(credits_.values_list("id", flat=True))
    return sum(entries.get(pk, 0) != 1 for pk in ids) + sum(pk not in ids for pk in entries)


_PLACES: Final = {
    "COUNTED": Class.FROZEN,
    "SUSPENSE": Class.SUSPENSE,
    "HELD": Class.HELD,
    "REFUNDING": Class.REFUNDING,
    "FORFEITING": Class.FORFEIT,
}


def _deposits_are_where_credits_say() -> int:
    """Every fen received is in the account that its credit's state names, or has left."""
    expected: dict[str, int] = {}
    rows = BankCredit.objects.exclude(state=BankCredit.State.FOREIGN)
    for bank, deposit, state, amount in rows.values_list(
        "bank_id", "deposit_id", "state", "amount_fen"
    ):
        place = Class.INBOX if state == "RECEIVED" else _PLACES.get(state)
        if place is not None:
            code = account(place, bank=bank, owner=deposit)
            expected[code] = expected.get(code, 0) + amount
    watched = tuple(f"L:{place}:" for place in (*_PLACES.values(), Class.INBOX))
    actual = {
        code: balance
        for code, balance in LedgerAccount.objects.annotate(balance=F("cp") - F("dp"))
        .exclude(balance=0)
        .values_list("code", "balance")
        if code.startswith(watched)
    }
    return sum(
        expected.get(code, 0) != actual.get(code, 0) for code in expected.keys() | actual.keys()
    )


def _nobody_is_paid_twice() -> int:
    live = Instruction.objects.exclude(state__in=sorted(OVER))
    paid = Instruction.objects.filter(state=Instruction.State.DONE)
    return (
        _credits_with_several(live)
        + _credits_with_several(paid)
        + Instruction.objects.exclude(amount_fen=F("credit__amount_fen")).count()
    )


def _credits_with_several(orders: QuerySet[Instruction]) -> int:
    counted = orders.order_by().values("credit").annotate(n=Count("id"))
    return counted.filter(n__gt=1).count()


def _money_goes_whence_it_came() -> int:
    return sum(not _has_right_payee(order) for order in _written())


def _has_right_payee(order: Instruction) -> bool:
    wire = adapters.decode(order.bank_id, wire_of(order))
    to = Party(name=wire.payee_name, account=wire.payee_account)
    if order.purpose == Purpose.REFUND:
        return is_same(to, payer(order.credit))
    assert order.deposit is not None
    configured = order.deposit.requirement.forfeit_account
    return bool(configured.checker) and is_same(to, payee(configured))


def _persons_differ_and_signed_the_bytes() -> int:
    same = Q(maker=F("checker")) | Q(releaser=F("maker")) | Q(releaser=F("checker"))
    alike = Instruction.objects.exclude(maker="").filter(
        Q(same) & (~Q(checker="") | ~Q(releaser=""))
    )
    unsigned = sum(
        hashlib.sha256(wire_of(order)).hexdigest() != order.wire_sha
        or content_sha(order, adapters.decode(order.bank_id, wire_of(order))) != order.content_sha
        for order in _written()
    )
    return alike.count() + unsigned


def _serials_are_whole_and_single() -> int:
    serials = list(Instruction.objects.values_list("serial", flat=True))
    return sum(not is_serial(serial) for serial in serials) + len(serials) - len(set(serials))


def _ends_have_their_postings() -> int:
    """Compare ends with postings: one out for each paid order, one back for each returned one."""
    out = (Posting.REFUND_DONE, Posting.FORFEIT_DONE)
    back = (Posting.RETURNED, Posting.RETURNED_SUSPENSE)
    wrong = 0
    for states, kinds in ((("DONE", "RETURNED"), out), (("RETURNED",), back)):
        entries = _count_by_source(kinds)
        orders = _count_by_credit(states)
        wrong += sum(
            entries.get(pk, 0) != orders.get(pk, 0) for pk in entries.keys() | orders.keys()
        )
    return wrong


def _count_by_source(kinds: Iterable[str]) -> dict[object, int]:
    rows = JournalEntry.objects.filter(kind__in=list(kinds)).values_list("source_id")
    return dict(rows.annotate(n=Count("id")).values_list("source_id", "n"))


def _count_by_credit(states: Iterable[str]) -> dict[object, int]:
    rows = Instruction.objects.filter(state__in=list(states)).values_list("credit_id")
    return dict(rows.annotate(n=Count("id")).values_list("credit_id", "n"))


def _forfeits_reach_the_configured() -> int:
    return (
        Instruction.objects.filter(purpose=Purpose.FORFEIT)
        .exclude(state__in=["DRAFT", "CANCELLED"])
        .filter(
            Q(deposit__requirement__forfeit_account__isnull=True)
            | Q(deposit__requirement__forfeit_account__checker="")
        )
        .count()
    )


def _interest_is_the_rule_or_a_break() -> int:
    explained = set(
        Break.objects.filter(kind=Break.Kind.INTEREST).values_list("source_id", flat=True)
    )
    return sum(
        order.interest_fen != interest_fen(order, paid_on=order.paid_on)
        for order in _written().filter(state__in=["DONE", "RETURNED"])
        if order.id not in explained
    )


def _written() -> QuerySet[Instruction]:
    return Instruction.objects.filter(wire_sealed__isnull=False).select_related(
        "credit__deposit__requirement", "deposit__requirement__forfeit_account", "bank"
    )


_QUESTIONS: Final[tuple[tuple[str, str, Callable[[], int]], ...]] = (
    ("I1", "every line moves a positive amount between two accounts", _lines_are_whole),
    ("I2", "debits, credits and lines have one sum", _sums_agree),
    ("I3", "every balance is the fold of its lines", _caches_are_folds),
    ("I4", "no liability is overdrawn", _nothing_is_overdrawn),
    ("I6", "every payment received is booked exactly once", _credits_are_booked_once),
    ("I7", "what was received lies where its state says", _deposits_are_where_credits_say),
    ("I8", "no payment is refunded twice, one order lives", _nobody_is_paid_twice),
    ("I9", "money goes whence it came, or to a confirmed account", _money_goes_whence_it_came),
    ("I10", "three different hands signed what was sent", _persons_differ_and_signed_the_bytes),
    ("I11", "serials are whole and used once", _serials_are_whole_and_single),
    ("I12", "every end of an order has its postings", _ends_have_their_postings),
    ("I15", "forfeits reach the configured account only", _forfeits_reach_the_configured),
    ("I16", "interest is the rule's or a break", _interest_is_the_rule_or_a_break),
)
