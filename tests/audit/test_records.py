"""Streams: gap-free numbers, a chain anybody can recompute, no waiting across lots."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import timedelta, timezone
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from audit import selectors
from audit.domain.chain import GENESIS, Link, link_hash
from audit.models import Event, StreamHead
from audit.services import perform, record, record_all
from tests.audit.probes import NOON, Pinged
from tests.audit.racing import race


def ping(stream: str, n: int = 1) -> Event:
    with transaction.atomic():
        return record(stream=stream, event=Pinged(n=n), actor="system:clock", now=NOON)


def ping_and_fail(stream: str) -> None:
    with transaction.atomic():
        record(stream=stream, event=Pinged(n=1), actor="x", now=NOON)
        raise ZeroDivisionError


@pytest.mark.django_db
class TestRecording:
    def test_numbers_each_stream_from_one(self):
        seqs = [ping(stream).seq for stream in ("access", "access", "deposit/x", "access")]
        assert seqs == [1, 2, 1, 3]

    def test_binds_each_event_to_the_one_before(self):
        first, second = ping("access"), ping("access", 2)
        assert first.prev_hash == bytes(32)
        assert second.prev_hash == first.hash
        assert selectors.head("access").hash == second.hash

    def test_hashes_what_an_outsider_can_recompute(self):
        made = ping("access", 7)
        said = {
            "stream": "access",
            "seq": 1,
            "name": "probe.pinged",
            "actor": "system:clock",
            "at": "2026-11-23T04:00:00.123456Z",
            "body": {"n": 7, "said": "平江片区"},
            "command": None,
        }
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        expected = hashlib.sha256(b"hengping-event/1\0" + bytes(32) + text.encode()).digest()
        assert Event.objects.get(pk=made.pk).hash == expected

    def test_hashes_one_instant_alike_in_every_zone(self):
        there = NOON.astimezone(timezone(timedelta(hours=8)))
        facts = {"stream": "access", "seq": 1, "name": "probe.pinged", "actor": "x"}
        here_hash, there_hash = (
            link_hash(GENESIS, Link(**facts, at=at, body={}, command=None)) for at in (NOON, there)
        )
        assert here_hash == there_hash

    def test_keeps_the_order_of_several_events_of_one_stream(self):
        with transaction.atomic():
            made = record_all(
                [("b", Pinged(n=1)), ("a", Pinged(n=2)), ("b", Pinged(n=3))], actor="x", now=NOON
            )
        assert [(e.stream, e.seq, e.body["n"]) for e in made] == [
            ("b", 1, 1),
            ("a", 1, 2),
            ("b", 2, 3),
        ]
        assert [e.body["n"] for e in selectors.events_after("b", 0, 10)] == [1, 3]

    def test_of_nothing_writes_nothing(self):
        with transaction.atomic():
            assert record_all([], actor="x", now=NOON) == []
        assert not StreamHead.objects.exists()

    def test_costs_three_statements_and_one_more_after_the_commit(
        self, django_capture_on_commit_callbacks
    ):
        for _ in ("a new stream", "a known one"):
            with (
                django_capture_on_commit_callbacks(execute=True),
                CaptureQueriesContext(connection) as spent,
                transaction.atomic(),
            ):
                record(stream="access", event=Pinged(n=1), actor="x", now=NOON)
            acts = [q["sql"] for q in spent if "SAVEPOINT" not in q["sql"]]
            assert len(acts) <= 4, acts

    def test_rolled_back_leaves_no_hole(self):
        ping("access")
        with pytest.raises(ZeroDivisionError):
            ping_and_fail("access")
        assert ping("access").seq == 2

    def test_names_the_command_that_runs_and_none_when_the_clock_acts(self):
        command_id = uuid4()

        def act():
            return {"seq": record(stream="access", event=Pinged(n=1), actor="x", now=NOON).seq}

        perform(command_id=command_id, actor="x", body=b"", act=act, now=NOON)
        ping("access")
        assert [e.command_id for e in selectors.events_after("access", 0, 9)] == [command_id, None]


@pytest.mark.django_db(transaction=True)
class TestRecordingAtOnce:
    def test_outside_a_transaction_is_refused(self):
        with pytest.raises(transaction.TransactionManagementError):
            record(stream="access", event=Pinged(n=1), actor="x", now=NOON)

    def test_160_threads_on_20_streams_leave_no_gap(self):
        streams = [f"lot/{uuid4()}/public" for _ in range(20)]
        ends = race([lambda s=streams[i % 20]: ping(s).seq for i in range(160)])
        assert [e for e in ends if isinstance(e, Exception)] == []
        for stream in streams:
            events = selectors.events_after(stream, 0, 100)
            assert [e.seq for e in events] == list(range(1, 9))
            assert [e.prev_hash for e in events[1:]] == [e.hash for e in events[:-1]]
            assert selectors.head(stream).hash == events[-1].hash

    def test_commands_that_name_streams_in_opposite_orders_do_not_deadlock(self):
        names = [f"deposit/{n}" for n in range(6)]

        def all_of(order):
            with transaction.atomic():
                pairs = [(name, Pinged(n=0)) for name in order]
                return len(record_all(pairs, actor="x", now=NOON))

        ends = race([lambda o=names[:: (-1) ** i]: all_of(o) for i in range(40)])
        assert ends == [6] * 40
        assert {h.seq for h in selectors.heads(names).values()} == {40}

    def test_two_lots_do_not_wait_for_each_other(self):
        held, done = threading.Event(), threading.Event()

        def hold():
            with transaction.atomic():
                record(stream="lot/a/staff", event=Pinged(n=1), actor="x", now=NOON)
                held.set()
                assert done.wait(20)

        def pass_by():
            held.wait(20)
            try:
                return ping("lot/b/staff").seq
            finally:
                done.set()

        assert race([hold, pass_by]) == [None, 1]

    def test_tells_listeners_the_stream_after_the_commit_only(self):
        settings = connections["default"].get_connection_params()
        settings.pop("cursor_factory"), settings.pop("context")
        with psycopg.connect(**settings, autocommit=True) as listener:
            listener.execute("LISTEN hengping_stream")
            with pytest.raises(ZeroDivisionError):
                ping_and_fail("lot/a/staff")
            ping("lot/b/public")
            heard = [n.payload for n in listener.notifies(timeout=5, stop_after=1)]
            heard += [n.payload for n in listener.notifies(timeout=0.2)]
        assert heard == ["lot/b/public"]


@pytest.mark.django_db
class TestASecondHead:
    def test_with_a_used_number_is_refused_by_the_database(self):
        made = ping("access")
        made.pk = uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            made.save(force_insert=True)
