"""What was written stays: each table refuses what would change or remove it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import (
    Checkpoint,
    Command,
    Event,
    LogEntry,
    LogTick,
    Stamp,
    StreamHead,
    TreeNode,
)
from audit.services import perform, record
from tests.audit.probes import NOON, Pinged

HASH = bytes(range(32))
OTHER = bytes(reversed(HASH))


@pytest.fixture
def rows(db):
    """One row in every table."""

    def act():
        record(stream="access", event=Pinged(n=1), actor="x", now=NOON)
        return {"done": True}

    perform(command_id=uuid4(), actor="x", body=b"", act=act, now=NOON)
    tick = LogTick.objects.create(index=0, at=NOON, real_at=NOON, batch_key=HASH, batch_root=HASH)
    LogEntry.objects.create(
        kind="k", body={}, salt=HASH, leaf_hash=HASH, queued_at=NOON, tick=tick, position=5
    )
    TreeNode.objects.create(level=4, index=0, hash=HASH)
    checkpoint = Checkpoint.objects.create(size=1, root=HASH, note="n", at=NOON)
    Stamp.objects.create(
        checkpoint=checkpoint, authority="tsa", token=b"t", stamped_at=NOON, stored_at=NOON
    )
    # Pending foreign key checks would refuse a TRUNCATE before our triggers could.
    connection.check_constraints()


def refused(sql: str) -> None:
    with (
        pytest.raises(IntegrityError, match=r"append-only|once|only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


EVERY = [Command, Event, StreamHead, LogEntry, LogTick, TreeNode, Checkpoint, Stamp]


@pytest.mark.usefixtures("rows")
class TestEveryTable:
    @pytest.mark.parametrize("model", EVERY)
    def test_refuses_to_delete(self, model):
        refused(f"DELETE FROM {model._meta.db_table}")
        assert model.objects.count() == 1

    @pytest.mark.parametrize("model", EVERY)
    def test_refuses_to_be_emptied(self, model):
        refused(f"TRUNCATE {model._meta.db_table} CASCADE")
        assert model.objects.count() == 1

    @pytest.mark.parametrize(
        ("model", "change"),
        [
            (Command, "reply = '{}'"),
            (Command, "actor = 'y'"),
            (Event, "actor = 'y'"),
            (Event, "body = '{}'"),
            (StreamHead, "seq = seq - 1"),
            (StreamHead, r"hash = '\x00'"),
            (LogEntry, "body = '{}'"),
            (LogEntry, "tick_id = NULL, position = NULL"),
            (LogEntry, "position = 6"),
            (LogTick, "at = now()"),
            (TreeNode, "index = 1"),
            (Checkpoint, "note = ''"),
            (Checkpoint, "must_stamp = true"),
            (Stamp, "authority = ''"),
        ],
    )
    def test_refuses_to_change(self, model, change):
        refused(f"UPDATE {model._meta.db_table} SET {change}")


@pytest.mark.django_db
class TestWhatIsNotFinished:
    def test_a_command_is_given_its_reply_and_nothing_else(self):
        command = Command.objects.create(id=uuid4(), actor="x", body_sha=HASH, at=NOON)
        table = Command._meta.db_table
        refused(f"UPDATE {table} SET reply = '{{}}', actor = 'y'")
        assert Command.objects.filter(pk=command.pk).update(reply={}) == 1

    def test_an_entry_is_given_its_place_and_nothing_else(self):
        LogTick.objects.create(index=0, at=NOON, real_at=NOON, batch_key=HASH, batch_root=HASH)
        entry = LogEntry.objects.create(
            kind="k", body={}, salt=HASH, leaf_hash=HASH, queued_at=NOON
        )
        refused("UPDATE audit_logentry SET tick_id = 0, position = 1, kind = 'other'")
        assert LogEntry.objects.filter(pk=entry.pk).update(tick_id=0, position=1) == 1

    def test_a_head_moves_on_and_never_changes_in_place(self):
        StreamHead.objects.create(stream="access", seq=3, hash=HASH)
        refused(rf"UPDATE audit_streamhead SET hash = '\x{OTHER.hex()}'")
        refused("UPDATE audit_streamhead SET stream = 'other', seq = 4")
        assert StreamHead.objects.update(seq=4, hash=OTHER) == 1
