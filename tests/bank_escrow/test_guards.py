"""What the database refuses by itself, with the allowed case beside it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from bank_escrow import services
from bank_escrow.domain.lifecycle import INSTRUCTION
from bank_escrow.domain.postings import Line
from bank_escrow.domain.proposals import Kind
from bank_escrow.models import (
    BankCredit,
    Deposit,
    Hold,
    Instruction,
    JournalEntry,
    LedgerAccount,
    Proposal,
)
from bank_escrow.services import due, ledger
from bank_escrow.services.entries import book
from bank_escrow.services.orders import draft
from core.verdicts import Refusal
from tests.bank_escrow import hands
from tests.bank_escrow.lots import EARLIER, HENGZHU, PINGJIANG, REQUIRED, Lot


def refused(sql: str, *params: Any) -> str:
    """Run a statement that the database must refuse, and return its words."""
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, params)
    return str(caught.value)


def post(lines, *, source=None, number=0, kind="TEST"):
    return ledger.post(
        lines,
        kind=kind,
        source_type="test",
        source_id=source or uuid4(),
        number=number,
        business_date=EARLIER.date(),
        now=EARLIER,
    )


IN = Line(debit="A:BANK:x", credit="L:INBOX:x", amount_fen=100)
OUT = Line(debit="L:INBOX:x", credit="A:BANK:x", amount_fen=100)


@pytest.mark.forges_the_books
@pytest.mark.django_db
class TestTheJournal:
    def test_posts_once_under_one_cause(self):
        source = uuid4()
        assert post([IN], source=source) is True
        assert post([IN], source=source) is False
        assert LedgerAccount.objects.get(code="L:INBOX:x").cp == 100

    def test_refuses_the_same_cause_with_other_content(self):
        source = uuid4()
        post([IN], source=source)
        with pytest.raises(IntegrityError), transaction.atomic():
            post([OUT], source=source)

    def test_refuses_to_overdraw_a_liability(self):
        post([IN])
        post([OUT])
        with pytest.raises(IntegrityError), transaction.atomic():
            post([OUT])

    def test_refuses_an_entry_without_lines(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            post([])

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE bank_escrow_journalline SET amount_fen = amount_fen * 7",
            "DELETE FROM bank_escrow_journalline",
            "TRUNCATE bank_escrow_journalline",
            "UPDATE bank_escrow_journalentry SET kind = 'x'",
            "DELETE FROM bank_escrow_journalentry",
            "DELETE FROM bank_escrow_ledgeraccount",
        ],
    )
    def test_cannot_be_edited(self, sql):
        post([IN])
        with connection.cursor() as cursor:
            # TRUNCATE would otherwise be refused for deferred keys, and not by our guard.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert "append-only" in refused(sql)

    def test_cannot_be_written_past_its_function(self):
        post([IN])
        entry = JournalEntry.objects.get()
        line = (
            "INSERT INTO bank_escrow_journalline (entry_id, n, debit_id, credit_id, amount_fen)"
            " VALUES (%s, 9, 'A:BANK:x', 'L:INBOX:x', 1)"
        )
        for sql, params in (
            ("UPDATE bank_escrow_ledgeraccount SET cp = cp + 1, dp = dp + 1", ()),
            (line, (entry.id,)),
        ):
            assert "bank_escrow_post" in refused(sql, *params)


class TestAnInstruction:
    def test_guard_knows_exactly_the_moves_of_the_table(self, db):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT prosrc FROM pg_proc WHERE proname = 'bank_escrow_instruction_guard'"
            )
            (source,) = cursor.fetchone()
        known = set(re.findall(r"'([A-Z_]+)>([A-Z_]+)'", source))
        table = {(state, new) for state, acts in INSTRUCTION.moves.items() for new in acts.values()}
        assert known == table

    @pytest.mark.parametrize(
        "change",
        [
            "amount_fen = amount_fen + 1",
            "serial = repeat('1', 24)",
            "credit_id = gen_random_uuid()",
            "content_sha = repeat('0', 64)",
            "maker = 'mallory'",
            "checker = 'mallory'",
            "wire_sha = repeat('0', 64)",
            "bank_day = bank_day + 1",
            "state = 'DRAFT'",
            "state = 'QUEUED'",
        ],
    )
    def test_once_paid_says_what_it_said(self, lot, change):
        lot.approved_refund()
        lot.tick()
        assert Instruction.objects.get().state == "DONE"
        refused(f"UPDATE bank_escrow_instruction SET {change}")

    @pytest.mark.parametrize(
        ("change", "constraint"),
        [
            ("state = 'SUBMITTED'", "has_maker"),
            ("state = 'SUBMITTED', maker = 'a', checker = 'a'", "two_persons|hand once given"),
        ],
    )
    def test_needs_its_persons(self, lot, change, constraint):
        party = lot.paid_deposit()
        lot.open()
        lot.order(party)
        words = refused(f"UPDATE bank_escrow_instruction SET {change}")
        assert re.search(constraint, words)

    def test_of_one_person_twice_is_refused_by_the_database_too(self, lot):
        party = lot.paid_deposit()
        lot.open()
        (order,) = lot.order(party)
        services.submit(
            instruction_id=order.id,
            content_sha=order.content_sha,
            actor="chen",
            signature_id=None,
            now=lot.bank.now,
        )
        words = refused("UPDATE bank_escrow_instruction SET state='APPROVED', checker='chen'")
        assert "two_persons" in words

    def test_cannot_be_deleted(self, lot):
        lot.approved_refund()
        assert "append-only" in refused("DELETE FROM bank_escrow_instruction")


class TestACredit:
    @pytest.mark.parametrize("column", ["amount_fen = 1", "booked_at = now()", "deposit_id = NULL"])
    def test_stays_as_the_bank_booked_it(self, lot, column):
        lot.paid_deposit()
        assert "never changed" in refused(f"UPDATE bank_escrow_bankcredit SET {column}")


@pytest.fixture
def many(bank, transactional_db):
    """A lot whose changes other connections see."""
    return Lot(bank)


def race(act, times: int) -> list[object]:
    """Do one thing in many threads at once; return what each got or raised."""

    def run(_number: int) -> object:
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the outcome is what we look at
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.django_db(transaction=True)
class TestSixteenHands:
    def test_make_one_live_order(self, many):
        party = many.paid_deposit()
        many.open()
        credit = BankCredit.objects.get()

        def order():
            with transaction.atomic():
                return draft(
                    BankCredit.objects.get(pk=credit.pk),
                    many.deposit(party),
                    purpose=Instruction.Purpose.REFUND,
                    basis="CONTRACT",
                    due=many.bank.now + timedelta(days=5),
                    with_interest=False,
                    document=None,
                    release_above=None,
                    actor="x",
                    now=many.bank.now,
                )

        got = race(order, 16)
        assert sum(isinstance(one, Instruction) for one in got) == 1
        assert sum(isinstance(one, IntegrityError) for one in got) == 15

    def test_order_by_the_service_and_one_gets_it(self, many):
        party = many.paid_deposit()
        many.open()
        got = race(lambda: many.order_anew(party), 16)
        assert sorted(len(one) for one in got) == [0] * 15 + [1]

    def test_tick_at_once_and_send_once(self, many):
        many.approved_refund()
        got = race(lambda: due.tick(many.bank.now), 8)
        assert [one for one in got if one is not None] == []
        assert len(many.bank.sent) == 1

    def test_propose_one_thing_and_one_proposal_waits(self, many):
        got = race(lambda: hands.proposed(many, Kind.STOP_BANK, "gusu"), 8)
        assert sum(isinstance(one, Proposal) for one in got) == 1
        assert {one.reason.code for one in got if isinstance(one, Refusal)} == {"M-604"}

    def test_confirm_at_once_and_it_is_done_once(self, many):
        many.approved_refund()
        proposal = hands.proposed(many, Kind.FREEZE, Deposit.objects.get().pk)
        got = race(lambda: hands.confirmed(many, proposal), 8)
        assert sum(isinstance(one, Proposal) for one in got) == 1
        assert {one.reason.code for one in got if isinstance(one, Refusal)} == {"M-602"}
        assert Hold.objects.count() == 1

    def test_asking_for_accounts_get_one_each(self, many):
        for payer in (HENGZHU, PINGJIANG):
            many.join(payer)
        many.tick()
        got = race(many.join, 4)
        numbers = [one[1] for one in got if isinstance(one, tuple)]
        assert len(numbers) == len(set(numbers)) == 4

    def test_post_to_one_account_and_no_fen_is_lost(self, bank, transactional_db):
        race(lambda: post([IN]), 16)
        assert LedgerAccount.objects.get(code="L:INBOX:x").cp == 1600
        race(lambda: post([OUT]), 16)
        assert LedgerAccount.objects.get(code="L:INBOX:x").dp == 1600

    def test_hear_of_one_payment_and_book_it_once(self, many):
        _, number = many.join()
        entry = many.bank.transfer(number, REQUIRED)
        race(lambda: book(entry, bank="gusu", channel="NOTICE", now=many.bank.now), 8)
        assert BankCredit.objects.count() == 1
