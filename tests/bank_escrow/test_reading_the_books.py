"""The books are read every five minutes, of one moment, and stop the banks if they do not hold."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from bank_escrow.models import Bank, Break
from bank_escrow.services import books, check
from bank_escrow.services.breaks import start_bank
from bank_escrow.services.check import Answer
from core.clock import real_now
from tests import people


@pytest.fixture
def asked(monkeypatch):
    """Count how often the books are read; they hold unless a test says otherwise."""
    answers = [Answer(code="I2", says="", broken=0)]
    times = []

    def read():
        times.append(1)
        return answers

    monkeypatch.setattr(books, "check", read)
    return times, answers


@pytest.fixture
def real(monkeypatch):
    now = [real_now()]
    monkeypatch.setattr(books, "real_now", lambda: now[0])
    return now


class TestTheClock:
    def test_reads_the_books_every_five_real_minutes(self, lot, asked, real):
        times, _ = asked
        Bank.objects.update(books_checked_at=None)
        for minutes, reads in ((0, 1), (4, 1), (1, 2), (1, 2)):
            real[0] += timedelta(minutes=minutes)
            lot.bank.now += timedelta(days=1)  # how fast a story runs does not matter
            lot.tick()
            assert len(times) == reads

    def test_stops_the_bank_until_the_books_hold(self, lot, asked, real):
        _, answers = asked
        answers[:] = [Answer(code="I2", says="", broken=1)]
        Bank.objects.update(books_checked_at=None)
        lot.tick()
        found = Break.objects.get()
        assert (found.kind, found.critical) == (Break.Kind.LEDGER, True)
        assert found.facts == {"invariant": "I2", "broken": 1}
        assert Bank.objects.get().stopped_why == "LEDGER"
        start_bank("gusu", actor="he", now=lot.bank.now)
        real[0] += timedelta(minutes=6)
        lot.tick()
        assert Bank.objects.get().stopped_at is not None
        assert Break.objects.count() == 1

    def test_leaves_a_bank_going_whose_books_hold(self, lot, asked, real):
        Bank.objects.update(books_checked_at=None)
        lot.tick()
        assert Bank.objects.get().stopped_at is None
        assert not Break.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestTheQuestions:
    def test_are_all_asked_of_one_moment(self, monkeypatch):
        people.centre()

        def count():
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM bank_escrow_bank")
                (banks,) = cursor.fetchone()
            return banks

        def somebody_writes():
            def write():
                Bank.objects.create(
                    code="gusu", number=1, parent_account="62", created_at=real_now()
                )
                connection.close()

            other = Thread(target=write)
            other.start()
            other.join()
            return 0

        questions = (("1", "", count), ("2", "", somebody_writes), ("3", "", count))
        monkeypatch.setattr(check, "_QUESTIONS", questions)
        first, _, last = check.check()
        assert first.broken == last.broken == 0
        assert Bank.objects.exists()
