"""Stamps: an authority's word over checkpoints, fetched by a worker and never by the tick."""

from __future__ import annotations

import hashlib
import urllib.error

import pytest
from django.db import transaction
from rfc3161_client import VerificationError

from audit.models import Checkpoint, LogEntry, Stamp
from audit.services import due, stamping
from audit.services.keys import log_key
from audit.services.log import enqueue
from audit.services.tick import tick
from audit.services.verify import verify_all
from audit.tasks import stamp_checkpoints
from sealing.encoding import b64u
from tests.audit import authority
from tests.audit.probes import NOON, closed
from tests.audit.test_verify import edit

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """The authority's keys, made once."""
    folder = tmp_path_factory.mktemp("authority") / "tsa"
    authority.found(folder)
    return folder


@pytest.fixture
def tsa(papers, settings):
    """A running authority that settings name; the queries it saw."""
    with authority.running(papers) as (address, seen):
        settings.TSA_URL = address
        settings.TSA_ROOT_FILE = str(papers / "root.pem")
        yield seen


def close_a_tender():
    with transaction.atomic():
        enqueue(kind="tender.close", entry=closed(), now=NOON)
    return tick(now=NOON)


class TestStamping:
    def test_keeps_a_token_that_the_authority_signed_over_the_checkpoint(self, tsa):
        newest = tick(now=NOON)
        assert stamping.stamp_wanted(now=NOON) == 1
        stamp = Stamp.objects.get()
        said = stamping.verify_token(bytes(stamp.token), note=newest.note)
        assert said.tst_info.gen_time == stamp.stamped_at
        assert stamp.checkpoint == newest

    def test_writes_the_token_into_the_log(self, tsa):
        tick(now=NOON)
        stamping.stamp_wanted(now=NOON)
        entry = LogEntry.objects.get(kind="checkpoint.ts")
        token = bytes(Stamp.objects.get().token)
        assert entry.body["token_sha256"] == b64u(hashlib.sha256(token).digest())
        assert entry.body["authority"].startswith("127.0.0.1:")

    def test_stamps_every_closing_checkpoint_and_of_the_others_the_newest(self, tsa):
        closing = [close_a_tender().size]
        tick(now=NOON)
        closing.append(close_a_tender().size)
        newest = [tick(now=NOON) for _ in range(3)][-1].size
        assert stamping.stamp_wanted(now=NOON) == 3
        assert set(Stamp.objects.values_list("pk", flat=True)) == {*closing, newest}
        assert stamping.stamp_wanted(now=NOON) == 0

    def test_asks_for_nothing_twice(self, tsa):
        tick(now=NOON)
        stamping.stamp_wanted(now=NOON)
        stamping.stamp_wanted(now=NOON)
        assert len(tsa) == 1

    def test_keeps_no_token_of_an_authority_it_does_not_know(self, tsa, settings, tmp_path):
        authority.found(tmp_path / "other")
        settings.TSA_ROOT_FILE = str(tmp_path / "other" / "root.pem")
        tick(now=NOON)
        with pytest.raises(VerificationError):
            stamping.stamp_wanted(now=NOON)
        assert not Stamp.objects.exists()

    def test_of_another_checkpoint_does_not_pass_for_this_one(self, tsa):
        first = tick(now=NOON)
        stamping.stamp_wanted(now=NOON)
        token = bytes(Stamp.objects.get(checkpoint=first).token)
        with pytest.raises(VerificationError):
            stamping.verify_token(token, note=tick(now=NOON).note)

    def test_that_cannot_be_had_leaves_the_tick_alone(self, tsa, settings):
        settings.TSA_URL = "http://127.0.0.1:9/"
        tick(now=NOON)
        with pytest.raises(urllib.error.URLError):
            stamping.stamp_wanted(now=NOON)
        assert tick(now=NOON).size == 2


class TestAskingForStamps:
    def test_is_left_to_a_worker_when_a_tender_closes_and_once_a_minute(
        self, settings, monkeypatch
    ):
        asked = []

        def note(task):
            asked.append(task)

        monkeypatch.setattr(due, "tick_if_due", lambda now: tick(now=now))
        monkeypatch.setattr(type(stamp_checkpoints), "enqueue", note)
        settings.TSA_URL = "http://127.0.0.1:9/"
        with transaction.atomic():
            enqueue(kind="tender.close", entry=closed(), now=NOON)
        for _ in range(60):
            due.tick(NOON)
        assert len(asked) == 3
        settings.TSA_URL = ""
        for _ in range(60):
            due.tick(NOON)
        assert len(asked) == 3

    def test_is_answered_by_the_task(self, tsa, clock):
        tick(now=NOON)
        assert stamp_checkpoints.call() == 1


class TestVerifyingStamps:
    @pytest.mark.parametrize(
        "change", ["stamped_at = stamped_at + interval '1 s'", "token = '\\x3003020100'"]
    )
    def test_finds_a_stamp_that_was_changed(self, tsa, change):
        tick(now=NOON)
        stamping.stamp_wanted(now=NOON)
        assert verify_all(log_key=log_key()).checked["stamps"] == 1
        assert verify_all(log_key=log_key()).valid
        edit(f"UPDATE audit_stamp SET {change}")
        assert not verify_all(log_key=log_key()).valid

    def test_finds_a_stamp_moved_to_another_checkpoint(self, tsa):
        tick(now=NOON)
        stamping.stamp_wanted(now=NOON)
        tick(now=NOON)
        edit("UPDATE audit_stamp SET checkpoint_id = 2")
        assert not verify_all(log_key=log_key()).valid

    def test_says_when_it_has_no_root_to_check_them(self, tsa, settings, tmp_path):
        tick(now=NOON)
        stamping.stamp_wanted(now=NOON)
        settings.TSA_ROOT_FILE = str(tmp_path / "none.pem")
        findings = verify_all(log_key=log_key())
        assert findings.checked["stamps_without_root"] == Checkpoint.objects.count() == 1
