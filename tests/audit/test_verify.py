"""verify_log: finds every edit that somebody makes behind the guards' back."""

from __future__ import annotations

import json
from contextlib import contextmanager
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit.models import Checkpoint
from audit.services import perform, record_all
from audit.services.keys import key_file, log_key
from audit.services.log import enqueue
from audit.services.tick import tick
from audit.services.verify import check_stream, verify_all
from sealing import checkpoint
from tests.audit.probes import NOON, Pinged, closed, logged_bid


@contextmanager
def guards_off():
    """What a superuser can do: the triggers sleep."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def edit(sql: str) -> None:
    with guards_off() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0, "the edit touched nothing"


def write_a_history() -> None:
    def act():
        pairs = [(f"lot/{n}/public", Pinged(n=n)) for n in (1, 2, 1, 1)]
        return {"events": len(record_all(pairs, actor="zhou", now=NOON))}

    perform(command_id=uuid4(), actor="zhou", body=b"", act=act, now=NOON)
    for n in range(40):
        if n % 10 == 0:
            logged_bid(n), logged_bid(n + 1)
        if n == 21:
            with transaction.atomic():
                enqueue(kind="tender.close", entry=closed(), now=NOON)
        tick(now=NOON)
    logged_bid(99)


@pytest.fixture
def history(db):
    """Two streams, forty ticks with a few entries, one entry that still waits."""
    write_a_history()
    # Foreign keys are looked at now; later edits step past them.
    connection.check_constraints()


def verdict(*known: checkpoint.Checkpoint):
    return verify_all(log_key=log_key(), known=known)


@pytest.mark.usefixtures("history")
class TestVerifying:
    def test_finds_nothing_wrong_with_what_was_not_touched(self):
        findings = verdict()
        assert findings.faults == []
        assert findings.checked == {
            "streams": 2,
            "events": 4,
            "commands": 1,
            "ticks": 40,
            "entries": 10,
            "checkpoints": 40,
        }

    @pytest.mark.parametrize(
        "change",
        [
            "stream = 'lot/9/public'",
            "seq = 9",
            "name = 'probe.forged'",
            "actor = 'qian'",
            "at = at + interval '1 microsecond'",
            """body = '{"n": 1, "said": "别处"}'""",
            "body = '{\"n\": 1.5}'",
            "command_id = NULL",
            r"prev_hash = decode(repeat('00', 32), 'hex')",
            r"hash = decode(repeat('00', 32), 'hex')",
        ],
    )
    def test_finds_an_event_that_was_changed(self, change):
        edit(f"UPDATE audit_event SET {change} WHERE stream = 'lot/1/public' AND seq = 2")
        assert not verdict().valid

    @pytest.mark.parametrize("seq", [1, 2, 3])
    def test_finds_an_event_that_was_removed(self, seq):
        edit(f"DELETE FROM audit_event WHERE stream = 'lot/1/public' AND seq = {seq}")
        assert not verdict().valid

    def test_finds_an_event_that_was_added(self):
        edit(
            "INSERT INTO audit_event SELECT gen_random_uuid(), stream, 4, name, actor, at, body, "
            "hash, hash, command_id FROM audit_event WHERE stream = 'lot/1/public' AND seq = 3"
        )
        assert not verdict().valid

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE audit_streamhead SET seq = 2 WHERE stream = 'lot/1/public'",
            "UPDATE audit_streamhead SET hash = sha256('x') WHERE stream = 'lot/1/public'",
            "UPDATE audit_streamhead SET stream = 'lot/3/public' WHERE stream = 'lot/1/public'",
            "DELETE FROM audit_streamhead WHERE stream = 'lot/1/public'",
            "DELETE FROM audit_event WHERE stream = 'lot/1/public'",
            "UPDATE audit_command SET reply = NULL",
        ],
    )
    def test_finds_a_head_or_command_out_of_step(self, sql):
        edit(sql)
        assert not verdict().valid

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE audit_logentry SET kind = 'bid.withdraw' WHERE tick_id = 10",
            "UPDATE audit_logentry SET body = body || '{\"size\": 1}' WHERE tick_id = 10",
            "UPDATE audit_logentry SET salt = sha256(salt) WHERE tick_id = 10",
            "UPDATE audit_logentry SET leaf_hash = sha256(leaf_hash) WHERE tick_id = 10",
            "UPDATE audit_logentry SET position = (position + 1) % 65536 WHERE tick_id = 10",
            "UPDATE audit_logentry SET tick_id = 11 WHERE tick_id = 10",
            "UPDATE audit_logentry SET tick_id = NULL, position = NULL WHERE tick_id = 10",
            "DELETE FROM audit_logentry WHERE tick_id = 10",
            "UPDATE audit_logentry SET body = body || '{\"size\": 1}' WHERE tick_id IS NULL",
            "UPDATE audit_logentry SET tick_id = 12, position = 3 WHERE tick_id IS NULL",
        ],
    )
    def test_finds_an_entry_that_was_touched(self, sql):
        edit(sql)
        assert not verdict().valid

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE audit_logtick SET batch_key = sha256(batch_key) WHERE index = 10",
            "UPDATE audit_logtick SET batch_root = sha256(batch_root) WHERE index = 11",
            "UPDATE audit_logtick SET at = at - interval '1 hour' WHERE index = 11",
            "UPDATE audit_logtick SET index = 50 WHERE index = 11",
            "DELETE FROM audit_logtick WHERE index = 11",
            "DELETE FROM audit_logtick WHERE index = 39",
            "DELETE FROM audit_logtick",
            """WITH gone AS (DELETE FROM audit_checkpoint WHERE size > 35)
            DELETE FROM audit_logtick WHERE index >= 30""",
            "UPDATE audit_treenode SET hash = sha256(hash) WHERE level = 4 AND index = 1",
            "UPDATE audit_treenode SET index = 2 WHERE level = 4 AND index = 1",
            "DELETE FROM audit_treenode WHERE level = 5",
            "INSERT INTO audit_treenode VALUES (4, 2, sha256('x'))",
            "UPDATE audit_checkpoint SET root = sha256(root) WHERE size = 17",
            "UPDATE audit_checkpoint SET at = at - interval '1 hour' WHERE size = 17",
            "UPDATE audit_checkpoint SET note = replace(note, '17', '18') WHERE size = 17",
            "UPDATE audit_checkpoint SET must_stamp = false WHERE size = 22",
            "UPDATE audit_checkpoint SET must_stamp = true WHERE size = 23",
            "DELETE FROM audit_checkpoint WHERE size = 17",
            "DELETE FROM audit_checkpoint WHERE size = 40",
        ],
    )
    def test_finds_a_tick_node_or_checkpoint_that_was_touched(self, sql):
        edit(sql)
        assert not verdict().valid

    def test_finds_a_log_signed_by_another(self):
        stranger = checkpoint.LogKey.of(Ed25519PrivateKey.generate(), origin=log_key().origin)
        findings = verify_all(log_key=stranger)
        assert len(findings.faults) == 40

    def test_finds_a_whole_log_rewritten_when_a_checkpoint_was_kept_outside(self):
        kept = checkpoint.verify(Checkpoint.objects.get(size=30).note, log_key=log_key())
        assert verdict(kept).valid
        with guards_off() as cursor:
            for table in ("stamp", "checkpoint", "treenode", "logentry", "logtick"):
                cursor.execute(f"DELETE FROM audit_{table}")
        for _ in range(40):
            tick(now=NOON)
        assert verdict().valid
        assert not verdict(kept).valid

    def test_finds_a_log_cut_short_when_a_checkpoint_was_kept_outside(self):
        kept = checkpoint.verify(Checkpoint.objects.get(size=40).note, log_key=log_key())
        with guards_off() as cursor:
            cursor.execute("DELETE FROM audit_checkpoint WHERE size > 35")
            cursor.execute("DELETE FROM audit_logentry WHERE tick_id >= 35")
            cursor.execute("DELETE FROM audit_logtick WHERE index >= 35")
        assert verdict().valid
        assert not verdict(kept).valid

    def test_of_one_stream_tells_that_stream_only(self):
        edit("UPDATE audit_event SET actor = 'qian' WHERE stream = 'lot/1/public' AND seq = 2")
        assert not check_stream("lot/1/public").valid
        assert check_stream("lot/2/public").valid
        assert check_stream("lot/2/public").checked == {"streams": 1, "events": 1}


@pytest.mark.django_db(transaction=True)
class TestTheCommand:
    def run(self, capsys, *arguments):
        code = 0
        try:
            call_command("verify_log", *arguments)
        except CommandError as error:
            code = error.returncode
        printed = capsys.readouterr().out
        assert printed.count("\n") <= 1
        return code, json.loads(printed) if printed else None

    def test_exits_0_for_a_sound_log_and_an_empty_one(self, capsys):
        assert self.run(capsys) == (
            0,
            {
                "valid": True,
                "checked": {"commands": 0},
                "faults": [],
                "faults_not_listed": 0,
                "log": None,
            },
        )
        write_a_history()
        code, told = self.run(capsys)
        assert (code, told["valid"], told["log"]["size"]) == (0, True, 40)

    def test_exits_1_and_names_the_place_of_the_fault(self, capsys):
        write_a_history()
        edit("UPDATE audit_event SET actor = 'qian' WHERE stream = 'lot/1/public' AND seq = 2")
        code, told = self.run(capsys)
        assert (code, told["valid"]) == (1, False)
        assert told["faults"] == [
            {"where": "lot/1/public 2", "what": "does not have the hash of its content"}
        ]

    def test_takes_a_checkpoint_and_a_key_from_outside(self, capsys, tmp_path):
        write_a_history()
        note, key = tmp_path / "checkpoint.txt", tmp_path / "log-key.pub"
        note.write_text(Checkpoint.objects.get(size=9).note, encoding="utf-8")
        key.write_text(log_key().dumps() + "\n", encoding="utf-8")
        key_file().unlink()
        code, _ = self.run(capsys, "--checkpoint", str(note), "--log-key", str(key))
        assert code == 0

    @pytest.mark.parametrize("text", ["", "nonsense", "hengping.320500/log\n3\nAAAA\n\n"])
    def test_exits_2_for_a_checkpoint_that_is_none(self, capsys, tmp_path, text):
        note = tmp_path / "checkpoint.txt"
        note.write_text(text, encoding="utf-8")
        assert self.run(capsys, "--checkpoint", str(note))[0] == 2
        assert self.run(capsys, "--checkpoint", str(tmp_path / "missing"))[0] == 2
        assert self.run(capsys, "--log-key", str(note))[0] == 2

    def test_exits_3_without_its_key(self, capsys, monkeypatch):
        write_a_history()
        key_file().unlink()
        assert self.run(capsys)[0] == 3
        monkeypatch.setenv("HENGPING_LOG_KEY", "short")
        assert self.run(capsys)[0] == 3
