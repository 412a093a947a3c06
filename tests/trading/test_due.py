"""The clock of trading: a failing job keeps no other from its turn; nothing is asked twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from tests import people, worlds
from tests.trading.opening.halls import at_host
from trading.models import Lot
from trading.services import downloads, due, publishing, sealed_files, submission
from trading.services.closing import GRACE
from trading.services.opening import opening_forms

pytestmark = pytest.mark.django_db

D = worlds.DEADLINE


def broken(*_args, **_facts):
    raise RuntimeError("broken")


class TestTheClock:
    @pytest.mark.parametrize(
        ("where", "what"),
        [(publishing, "due"), (downloads, "untold"), (downloads, "tell"), (due, "_open_lobbies")],
    )
    def test_closes_a_lot_whatever_else_fails(self, monkeypatch, where, what):
        world = worlds.published()
        downloads.tell_takers(tender=world.tender, kind="x", subject="主题", body="正文", now=D)
        monkeypatch.setattr(where, what, broken)
        monkeypatch.setattr(due, "_JOBS", [getattr(due, job.__name__) for job in due._JOBS])
        due.tick(D + GRACE)
        assert Lot.objects.get(pk=world.lot.pk).state == "CLOSED"


class TestAskingAgain:
    def asked(self, lot):
        return DBTaskResult.objects.filter(
            task_path__endswith="open_forms", args_kwargs__args=[str(lot.pk)]
        )

    @pytest.fixture
    def stalled(self, monkeypatch):
        """A lot whose host has released and which no worker has opened."""
        world, _parties = at_host({}, {}, {})
        monkeypatch.setattr(opening_forms, "open_lot", lambda **_: False)
        worlds.release_host(world, now=D + timedelta(minutes=31))
        self.asked(world.lot).delete()
        return world

    def test_is_done_once_while_the_work_waits(self, stalled):
        for beat in range(5):
            due.tick(D + timedelta(minutes=32, milliseconds=500 * beat))
        assert self.asked(stalled.lot).count() == 1

    def test_is_not_done_while_a_worker_is_at_it(self, stalled):
        due.tick(D + timedelta(minutes=32))
        task = self.asked(stalled.lot).get()
        long_ago = task.enqueued_at - timedelta(minutes=2)
        self.asked(stalled.lot).update(status="RUNNING", started_at=long_ago, enqueued_at=long_ago)
        due.tick(D + timedelta(minutes=33))
        assert self.asked(stalled.lot).count() == 1

    @pytest.mark.parametrize(
        ("status", "ago"), [("RUNNING", timedelta(hours=1)), ("FAILED", timedelta(minutes=2))]
    )
    def test_is_done_for_what_a_dead_or_failed_worker_left(self, stalled, status, ago):
        due.tick(D + timedelta(minutes=32))
        task = self.asked(stalled.lot).get()
        then = task.enqueued_at - ago
        self.asked(stalled.lot).update(status=status, started_at=then, enqueued_at=then)
        due.tick(D + timedelta(minutes=33))
        assert self.asked(stalled.lot).count() == 2


class TestSettlingAtTheSameTime:
    def test_as_the_clock_gives_the_receipt_to_both(self, monkeypatch):
        world = worlds.published()
        party = worlds.joined(world, people.sun())
        content = worlds.sealed_for(world, party, price_fen=950_000_000)
        taken = worlds.received(world, party, content, at=D - timedelta(seconds=1))
        whole = sealed_files.keep

        def outrun(chunks, facts):
            """The clock settles it between the examination and the keeping."""
            monkeypatch.setattr(sealed_files, "keep", whole)
            submission.settle(submission_id=taken.pk, now=D)
            return whole(chunks, facts)

        monkeypatch.setattr(sealed_files, "keep", outrun)
        settled = submission.settle(submission_id=taken.pk, now=D)
        assert settled.state == "ACCEPTED"
        assert settled.bid.receipt
