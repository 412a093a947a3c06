"""Witnesses: asked by a worker, believed by their pinned key alone, and never waited for."""

from __future__ import annotations

import http.server
import logging
from threading import Thread
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, transaction

from audit.models import Cosignature
from audit.selectors.log import cosigned_note, first_cosigned
from audit.services import cosigning, due
from audit.services.keys import log_key
from audit.services.log import enqueue
from audit.services.tick import tick
from audit.services.verify import verify_all
from audit.tasks import cosign_checkpoints
from sealing.witness import Witness, WitnessKey, verify_cosignature
from tests.audit import witnessing
from tests.audit.probes import NOON, closed
from tests.audit.test_verify import edit

pytestmark = pytest.mark.django_db
NAME = witnessing.NAME


@pytest.fixture
def witness(tmp_path, settings):
    with witnessing.running(tmp_path / "witness", settings=settings) as made:
        yield made


def close_a_tender():
    with transaction.atomic():
        enqueue(kind="tender.close", entry=closed(), now=NOON)
    return tick(now=NOON)


class TestCosigning:
    def test_keeps_a_line_that_the_witness_signed(self, witness):
        newest = tick(now=NOON)
        assert cosigning.cosign_wanted(now=NOON) == 1
        kept = Cosignature.objects.get()
        assert (kept.checkpoint, kept.witness) == (newest, NAME)
        at = verify_cosignature(cosigned_note(newest), witness=witness.key)
        assert kept.signed_at.timestamp() == at
        assert first_cosigned(size=1) == newest
        assert first_cosigned(size=newest.size + 1) is None

    def test_takes_every_closing_checkpoint_and_of_the_others_the_newest(self, witness):
        sizes = [close_a_tender().size]
        tick(now=NOON)
        sizes += [close_a_tender().size]
        sizes += [[tick(now=NOON) for _ in range(20)][-1].size]
        assert cosigning.cosign_wanted(now=NOON) == 3
        assert sorted(Cosignature.objects.values_list("checkpoint_id", flat=True)) == sizes
        assert cosigning.cosign_wanted(now=NOON) == 0

    def test_goes_on_after_an_answer_was_lost(self, witness):
        tick(now=NOON)
        cosigning.cosign_wanted(now=NOON)
        tick(now=NOON)
        with transaction.atomic():
            sid = transaction.savepoint()
            cosigning.cosign_wanted(now=NOON)
            transaction.savepoint_rollback(sid)
        newest = tick(now=NOON)
        assert cosigning.cosign_wanted(now=NOON) == 1
        assert first_cosigned(size=2) == newest

    def test_is_refused_to_a_log_that_tells_another_past(self, witness, caplog):
        for _ in range(3):
            tick(now=NOON)
        cosigning.cosign_wanted(now=NOON)
        edit("UPDATE audit_logtick SET batch_root = sha256('another past') WHERE index = 1")
        tick(now=NOON)
        with caplog.at_level(logging.WARNING):
            assert cosigning.cosign_wanted(now=NOON) == 0
        assert "refused 4" in caplog.text
        assert witness.size == 3

    def test_fails_without_harm_when_nobody_answers(self, witness, settings, caplog):
        settings.WITNESSES = {NAME: "http://127.0.0.1:9"}
        tick(now=NOON)
        assert cosigning.cosign_wanted(now=NOON) == 0
        assert "did not sign" in caplog.text

    def test_believes_the_pinned_key_alone(self, witness, settings, tmp_path):
        other = Witness(tmp_path / "other", name=NAME, log_key=log_key())
        settings.WITNESS_KEYS_FILE = str(tmp_path / "other" / "witness-key.pub")
        tick(now=NOON)
        assert other.key != witness.key
        assert cosigning.cosign_wanted(now=NOON) == 0
        assert not Cosignature.objects.exists()

    def test_asks_nobody_whose_key_is_not_pinned(self, witness, settings, tmp_path):
        settings.WITNESS_KEYS_FILE = str(tmp_path / "none.pub")
        tick(now=NOON)
        assert cosigning.keys() == {}
        assert cosigning.cosign_wanted(now=NOON) == 0

    def test_survives_a_witness_that_answers_nonsense(self, witness, settings):
        class Nonsense(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write("— nonsense\n".encode() * 1000)

            def log_message(self, *_):
                pass

        with http.server.HTTPServer(("127.0.0.1", 0), Nonsense) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            settings.WITNESSES = {NAME: f"http://127.0.0.1:{server.server_address[1]}"}
            tick(now=NOON)
            try:
                assert cosigning.cosign_wanted(now=NOON) == 0
            finally:
                server.shutdown()
                thread.join()

    def test_is_asked_for_by_the_clock_once_a_minute_and_at_a_close(self, witness, monkeypatch):
        asked = []
        made = [SimpleNamespace(size=n, must_stamp=n == 7) for n in range(1, 61)]
        task = SimpleNamespace(enqueue=lambda: asked.append(made[0].size))
        monkeypatch.setattr(due, "cosign_checkpoints", task)
        monkeypatch.setattr(due, "tick_if_due", lambda now: made[0])
        while made:
            due.tick(NOON)
            made.pop(0)
        assert asked == [7, 30, 60]

    def test_is_a_worker_s_task(self, witness):
        tick(now=NOON)
        assert cosign_checkpoints.call() == 1


class TestWhatIsKept:
    def test_is_checked_by_verify_log(self, witness):
        tick(now=NOON)
        cosigning.cosign_wanted(now=NOON)
        found = verify_all(log_key=log_key())
        assert found.valid
        assert found.as_json()["checked"]["cosignatures"] == 1
        edit("UPDATE audit_cosignature SET line = replace(line, '— ', '— x')")
        assert not verify_all(log_key=log_key()).valid

    def test_is_never_changed_or_removed(self, witness):
        tick(now=NOON)
        cosigning.cosign_wanted(now=NOON)
        for act in (
            lambda: Cosignature.objects.update(witness="x"),
            lambda: Cosignature.objects.all()._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()

    def test_is_told_on_the_logs_page_and_served(self, witness, client):
        newest = tick(now=NOON)
        cosigning.cosign_wanted(now=NOON)
        page = client.get("/log").content.decode()
        assert witness.key.dumps() in page
        note = client.get(f"/log/checkpoint/{newest.size}").content.decode()
        line = client.get("/log/witness-keys").content.decode()
        assert verify_cosignature(note, witness=WitnessKey.loads(line)) > 0

    def test_is_not_spoken_of_without_a_witness(self, client):
        tick(now=NOON)
        assert "未接入见证方" in client.get("/log").content.decode()
        assert client.get("/log/witness-keys").status_code == 404
