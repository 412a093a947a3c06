"""The clock process: each app's tick beats for itself."""

from __future__ import annotations

import signal
import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.models import LogTick
from config.management.commands import clock
from tests import people

PATIENCE = 20.0


@pytest.fixture
def stop():
    ending = threading.Event()
    yield ending
    ending.set()


@pytest.fixture
def handlers():
    """The command takes the signals of its process; the tests' process keeps its own."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    kept = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, kept, strict=True):
        signal.signal(number, handler)


class TestATick:
    def test_that_hangs_holds_up_no_other(self, stop):
        """The bank does not answer; the log grows and the hall closes all the same."""
        answers, closed = threading.Event(), threading.Event()

        def trading(_now):
            closed.set()

        ticks = [("bank_escrow", lambda _now: answers.wait(PATIENCE)), ("trading", trading)]
        clocks = threading.Thread(target=lambda: clock.run(ticks, stop=stop, beat=0.01))
        clocks.start()
        try:
            assert closed.wait(PATIENCE)
            closed.clear()
            assert closed.wait(PATIENCE), "it beats again while the other still hangs"
        finally:
            stop.set()
            answers.set()
            clocks.join(PATIENCE)
        assert not clocks.is_alive()

    def test_that_fails_is_tried_again_at_its_next_beat(self, stop):
        tries = []

        def fails(now):
            tries.append(now)
            if len(tries) == 3:
                stop.set()
            raise RuntimeError("the bank said something odd")

        clock.run([("bank_escrow", fails)], stop=stop, beat=0.01)
        assert len(tries) == 3

    @pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
    def test_that_ends_altogether_ends_the_process_for_its_keeper_to_see(self, stop):
        def ends(_now):
            raise SystemExit

        with pytest.raises(CommandError, match="audit"):
            clock.run([("audit", ends), ("trading", lambda _now: None)], stop=stop, beat=0.01)


class TestTheEnd:
    def test_does_not_wait_for_a_tick_that_hangs(self, stop, monkeypatch):
        monkeypatch.setattr(clock, "_PATIENCE", 0.1)
        answers = threading.Event()
        threading.Timer(0.2, stop.set).start()
        began = time.monotonic()
        try:
            clock.run([("bank_escrow", lambda _now: answers.wait(PATIENCE))], stop=stop, beat=0.01)
        finally:
            answers.set()
        assert time.monotonic() - began < PATIENCE / 2


@pytest.mark.django_db(transaction=True)
class TestTheCommand:
    def test_does_what_is_due_and_leaves_no_connection_behind(self, handlers, settings):
        settings.BANKS = {}
        people.centre()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            (before,) = cursor.fetchone()
        call_command("clock", beat=0.01, beats=1)
        assert LogTick.objects.count() == 1
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            assert cursor.fetchone() == (before,)
