"""The sequencer: one leaf a tick, with entries or without, so that the log's size tells no tale.

The beat is real: one tick in every two seconds of the database's clock, however many clocks ask
and however fast a story runs; entries and checkpoints carry the story's time. After a standstill
the log goes on where it stopped. Leaves for missed beats would swear to moments at which nobody
was there, so there are none: the size counts ticks, and `at` of a checkpoint, held by its
timestamp, tells the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from audit.models import Checkpoint, LogEntry, LogTick, TreeNode
from audit.selectors.tree import STORED_FROM, with_tree
from audit.services.keys import log_origin, signing_key
from sealing import batch, checkpoint, merkle
from sealing.entries import TenderClosed

BEAT_SECONDS = 2
# Any fixed number will do; this one reads "hengping".
TURN = int.from_bytes(b"hengping")
# Half of a batch's places: beyond that the rest waits two seconds more.
MOST_ENTRIES = batch.PLACES // 2

_PLACE = """
    UPDATE audit_logentry AS entry SET tick_id = %s, position = placed.position
    FROM unnest(%s::uuid[], %s::int[]) AS placed (id, position)
    WHERE entry.id = placed.id
"""
_IS_DUE = """
    SELECT clock_timestamp(), NOT EXISTS (
        SELECT 1 FROM (SELECT real_at FROM audit_logtick ORDER BY index DESC LIMIT 1) AS last
        WHERE floor(extract(epoch FROM last.real_at) / %s)
            = floor(extract(epoch FROM clock_timestamp()) / %s)
    )
"""


def tick(*, now: datetime) -> Checkpoint:
    """Make the next leaf, waiting for a tick that is under way."""
    with between_ticks():
        real_at, _ = _beat()
        return _make(now=now, real_at=real_at)


def tick_if_due(*, now: datetime) -> Checkpoint | None:
    """Make a leaf unless this beat has one or somebody is making it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TURN])
        (mine,) = cursor.fetchone()
        if not mine:
            return None
        real_at, due = _beat()
        return _make(now=now, real_at=real_at) if due else None


@contextmanager
def between_ticks() -> Iterator[None]:
    """Hold the sequencer's turn for one transaction; a jump of the story clock does so too."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        yield


def _beat() -> tuple[datetime, bool]:
    """Return the database's time, and whether the beat it falls in still lacks its leaf."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_DUE, [BEAT_SECONDS, BEAT_SECONDS])
        real_at, due = cursor.fetchone()
        return real_at, due


def _make(*, now: datetime, real_at: datetime) -> Checkpoint:
    last = LogTick.objects.order_by("-index").values_list("index", flat=True).first()
    index = 0 if last is None else last + 1
    waiting = list(
        LogEntry.objects.filter(tick=None)
        .order_by("queued_at", "id")
        .values_list("id", "leaf_hash", "kind")[:MOST_ENTRIES]
    )
    made = batch.build([bytes(leaf) for _, leaf, _ in waiting])
    batch_root = made.root()
    LogTick.objects.create(
        index=index, at=now, real_at=real_at, batch_key=made.key, batch_root=batch_root
    )
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [index, [entry for entry, _, _ in waiting], list(made.places)])
    root = _grow(index, merkle.leaf_hash(batch_root))
    said = checkpoint.Checkpoint(origin=log_origin(), size=index + 1, root=root)
    return Checkpoint.objects.create(
        size=said.size,
        root=said.root,
        note=checkpoint.sign(said, private=signing_key()),
        at=now,
        must_stamp=any(kind == TenderClosed.kind for _, _, kind in waiting),
    )


def _grow(index: int, leaf: bytes) -> bytes:
    """Add a leaf to the stored tree and return the new root."""

    def grown(nodes: merkle.Nodes) -> tuple[dict[tuple[int, int], bytes], bytes]:
        made = merkle.append(nodes, size=index, leaf=leaf)
        fresh = {(level, place): value for level, place, value in made}
        root = merkle.root(
            lambda level, place: fresh.get((level, place)) or nodes(level, place), size=index + 1
        )
        return fresh, root

    fresh, root = with_tree(grown)
    TreeNode.objects.bulk_create(
        TreeNode(level=level, index=place, hash=value)
        for (level, place), value in fresh.items()
        if level >= STORED_FROM
    )
    return root
