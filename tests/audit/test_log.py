"""The log: one leaf a tick, entries unseen among emptiness, proofs an outsider can check."""

from __future__ import annotations

import threading
from datetime import timedelta

import pymerkle
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import selectors
from audit.models import Checkpoint, LogEntry, LogTick, TreeNode
from audit.services import due, keys
from audit.services import tick as sequencer
from audit.services.keys import key_file, log_key
from audit.services.log import enqueue
from audit.services.tick import between_ticks, tick, tick_if_due
from core.keyfiles import make_once
from sealing import checkpoint, log, merkle
from sealing.errors import SealingError
from tests.audit.probes import NOON, closed, logged_bid, received
from tests.audit.racing import race

ASKED = sequencer._IS_DUE


def ticks(count: int) -> None:
    for _ in range(count):
        tick(now=NOON)


def said(size: int) -> checkpoint.Checkpoint:
    """What the log signed at this size, read as an outsider reads it."""
    return checkpoint.verify(Checkpoint.objects.get(size=size).note, log_key=log_key())


class Oracle(pymerkle.InmemoryTree):  # type: ignore[misc]
    """An independent RFC 6962 tree over the same leaves."""

    def __init__(self):
        super().__init__(algorithm="sha256")
        for root in LogTick.objects.order_by("index").values_list("batch_root", flat=True):
            self.append_entry(bytes(root))


@pytest.mark.django_db
class TestEnqueueing:
    def test_outside_the_act_is_refused(self):
        if connection.in_atomic_block:  # the test's own transaction: look through it
            connection.in_atomic_block = False
        try:
            with pytest.raises(transaction.TransactionManagementError):
                enqueue(kind="bid.receive", entry=received(), now=NOON)
        finally:
            connection.in_atomic_block = True

    def test_writes_what_the_specification_hashes(self):
        entry = logged_bid()
        assert entry.body["kind"] == "bid.receive"
        assert entry.body["at"] == "2026-11-23T04:00:00.123Z"
        again = LogEntry.objects.get(pk=entry.pk)
        assert again.leaf_hash == log.entry_hash(again.body, salt=bytes(again.salt))

    def test_keeps_the_instant_the_caller_knows(self):
        at = "2026-11-23T03:59:59.999Z"
        with transaction.atomic():
            entry = enqueue(kind="bid.receive", entry={**received(), "at": at}, now=NOON)
        assert entry.body["at"] == at

    def test_salts_equal_entries_differently(self):
        assert logged_bid(1).leaf_hash != logged_bid(1).leaf_hash

    @pytest.mark.parametrize(
        ("kind", "entry"),
        [
            ("bid.receive", {**received(), "bidder": "苏州某公司"}),
            ("bid.receive", {k: v for k, v in received().items() if k != "kc"}),
            ("price.guess", received()),
        ],
    )
    def test_refuses_what_the_specification_does_not_know(self, kind, entry):
        with pytest.raises(SealingError), transaction.atomic():
            enqueue(kind=kind, entry=entry, now=NOON)


@pytest.mark.django_db
class TestTicking:
    def test_makes_one_leaf_with_entries_or_without(self):
        ticks(1)
        for n in range(50):
            logged_bid(n)
        ticks(1)
        without, with_fifty = LogTick.objects.order_by("index")
        assert [without.entries.count(), with_fifty.entries.count()] == [0, 50]
        notes = [c.note for c in Checkpoint.objects.order_by("size")]
        assert len(notes[0]) == len(notes[1])
        assert len(without.batch_root) == len(with_fifty.batch_root)
        assert TreeNode.objects.count() == 0

    def test_places_an_entry_once_and_at_a_place_of_its_own(self):
        for n in range(40):
            logged_bid(n)
        ticks(3)
        placed = list(LogEntry.objects.values_list("tick", "position"))
        assert {tick_index for tick_index, _ in placed} == {0}
        assert len(set(placed)) == 40

    def test_does_the_same_statements_for_none_and_for_many(self):
        ticks(3)
        with CaptureQueriesContext(connection) as idle:
            ticks(1)
        for n in range(50):
            logged_bid(n)
        with CaptureQueriesContext(connection) as busy:
            ticks(1)
        assert len(idle) == len(busy)

    def test_signs_a_checkpoint_whose_root_an_oracle_finds_too(self):
        oracle = pymerkle.InmemoryTree(algorithm="sha256")
        for size in range(1, 71):
            made = tick(now=NOON)
            oracle.append_entry(bytes(LogTick.objects.get(index=size - 1).batch_root))
            outside = checkpoint.verify(made.note, log_key=log_key())
            assert (outside.size, outside.root) == (size, oracle.get_root())
            assert outside.origin == "hengping.320500/log"

    def test_stores_each_large_subtree_once(self):
        ticks(70)
        stored = set(TreeNode.objects.values_list("level", "index"))
        assert stored == {(4, 0), (4, 1), (4, 2), (4, 3), (5, 0), (5, 1), (6, 0)}

    def test_asks_for_a_stamp_where_a_tender_closes(self):
        logged_bid()
        assert not tick(now=NOON).must_stamp
        with transaction.atomic():
            enqueue(kind="tender.close", entry=closed(), now=NOON)
        assert tick(now=NOON).must_stamp

    def test_carries_the_storys_time(self):
        later = NOON + timedelta(days=30)
        assert tick(now=later).at == later

    def test_stays_cheap_when_the_log_is_long(self):
        ticks(40)
        with CaptureQueriesContext(connection) as spent:
            ticks(1)
        assert len([q for q in spent if "SAVEPOINT" not in q["sql"]]) <= 12


@pytest.mark.django_db
class TestTheBeat:
    def at(self, monkeypatch, seconds: float):
        """Let the database's clock stand at so many seconds of the epoch."""
        asked = ASKED.replace("clock_timestamp()", f"to_timestamp({seconds})")
        monkeypatch.setattr(sequencer, "_IS_DUE", asked)

    def test_gives_one_leaf_however_often_the_clocks_ask(self, monkeypatch):
        self.at(monkeypatch, 1_000_000)
        assert tick_if_due(now=NOON) is not None
        assert tick_if_due(now=NOON + timedelta(hours=5)) is None
        self.at(monkeypatch, 1_000_001.9)
        assert tick_if_due(now=NOON) is None

    @pytest.mark.parametrize("seconds", [1_000_002, 1_003_600, 999_990])
    def test_goes_on_in_another_beat_with_a_single_leaf(self, monkeypatch, seconds):
        self.at(monkeypatch, 1_000_000)
        tick_if_due(now=NOON)
        self.at(monkeypatch, seconds)
        due.tick(NOON)
        due.tick(NOON)
        assert LogTick.objects.count() == 2


@pytest.mark.django_db(transaction=True)
class TestTickingAtOnce:
    def test_makes_leaves_one_after_the_other(self):
        ends = race([lambda: tick(now=NOON).size] * 30)
        assert sorted(ends) == list(range(1, 31))
        assert (
            checkpoint.verify(Checkpoint.objects.get(size=30).note, log_key=log_key()).root
            == Oracle().get_root()
        )

    def test_is_left_to_the_one_who_is_at_it(self):
        held, done = threading.Event(), threading.Event()

        def hold():
            with between_ticks():
                held.set()
                assert done.wait(20)

        def ask():
            held.wait(20)
            try:
                return tick_if_due(now=NOON)
            finally:
                done.set()

        assert race([hold, ask]) == [None, None]
        assert not LogTick.objects.exists()


@pytest.mark.django_db
class TestAProof:
    def test_of_inclusion_holds_for_every_entry_at_every_size(self):
        entries = []
        for n in range(37):
            entries.append(logged_bid(n))
            ticks(1)
        oracle = Oracle()
        for entry in LogEntry.objects.filter(pk__in=[e.pk for e in entries]).select_related("tick"):
            for size in (entry.tick.index + 1, 32, 33, 37):
                if size <= entry.tick.index:
                    continue
                logged = log.Logged.from_body(selectors.logged(entry, size=size))
                logged.verify(said(size))
                theirs = oracle.prove_inclusion(entry.tick.index + 1, size)
                leaf = merkle.leaf_hash(bytes(entry.tick.batch_root))
                pymerkle.verify_inclusion(leaf, said(size).root, theirs)
                assert [one.hex() for one in (leaf, *logged.proof.path)] == theirs.serialize()[
                    "path"
                ]

    def test_of_inclusion_does_not_hold_for_another_entry(self):
        mine, other = logged_bid(1), logged_bid(2)
        ticks(2)
        mine.refresh_from_db()
        proof = log.LogProof.from_body(selectors.inclusion(mine))
        proof.verify(bytes(mine.leaf_hash), checkpoint=said(2))
        with pytest.raises(SealingError):
            proof.verify(bytes(other.leaf_hash), checkpoint=said(2))

    def test_is_not_there_before_the_entry_is(self):
        entry = logged_bid()
        assert selectors.inclusion(entry) is None
        ticks(1)
        late = logged_bid(2)
        ticks(1)
        late.refresh_from_db()
        assert selectors.inclusion(late, size=1) is None
        assert selectors.inclusion(late, size=2) is not None

    def test_of_consistency_holds_between_any_two_checkpoints(self):
        ticks(35)
        for old in range(1, 36):
            for new in {old, min(old + 1, 35), 32, 33, 35}:
                if new < old:
                    continue
                body = selectors.consistency(old, new)
                log.verify_consistency(body, old=said(old), new=said(new))

    def test_of_consistency_fails_for_a_forked_log(self):
        ticks(9)
        forked = checkpoint.Checkpoint(origin=said(5).origin, size=5, root=bytes(32))
        with pytest.raises(SealingError):
            log.verify_consistency(selectors.consistency(5, 9), old=forked, new=said(9))

    def test_costs_a_handful_of_queries(self, django_assert_max_num_queries):
        entry = logged_bid()
        ticks(40)
        entry = LogEntry.objects.get(pk=entry.pk)
        with django_assert_max_num_queries(5):
            selectors.inclusion(entry)
        with django_assert_max_num_queries(2):
            selectors.consistency(7, 39)


@pytest.mark.django_db
class TestTheKey:
    def test_is_made_once_and_readable_by_its_owner_only(self):
        assert log_key() == log_key()
        assert key_file().stat().st_mode & 0o777 == 0o600

    def test_comes_from_the_environment_where_it_is_set(self, monkeypatch):
        monkeypatch.setenv("HENGPING_LOG_KEY", "A" * 43)
        assert log_key().public.hex().startswith("3b6a27bc")
        assert not key_file().exists()

    def test_is_never_replaced_under_a_log_that_has_spoken(self):
        ticks(1)
        key_file().unlink()
        with pytest.raises(ImproperlyConfigured):
            tick(now=NOON)

    def test_is_one_for_all_who_make_it_at_once(self):
        made = {keys._file_text() for _ in range(3)} | {keys._file_text()}
        make_once(key_file(), b"another")
        assert made == {keys._file_text()}
        assert {path.name for path in key_file().parent.iterdir()} == {"log-key", "log-key.pub"}
