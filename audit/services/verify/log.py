"""Grow the log's tree again from its entries and compare every row on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from audit.domain.faults import Findings
from audit.models import Checkpoint, Cosignature, LogEntry, LogTick, Stamp, TreeNode
from audit.selectors.tree import STORED_FROM, Node
from audit.services.verify.cosignatures import check_cosignature
from audit.services.verify.stamps import check_stamp
from sealing import checkpoint, merkle
from sealing.batch import Batch
from sealing.entries import TenderClosed
from sealing.errors import SealingError
from sealing.log import entry_hash

CHUNK = 1024


class _Edge:
    """The complete subtrees a growing tree stands on: all that its next root needs."""

    def __init__(self) -> None:
        self._at: dict[int, tuple[int, bytes]] = {}
        self.size = 0

    def append(self, leaf: bytes) -> dict[Node, bytes]:
        """Add a leaf; return the subtrees it completes."""
        made = merkle.append(self._node, size=self.size, leaf=leaf)
        for level, _, _ in made[:-1]:
            self._at.pop(level, None)
        level, index, value = made[-1]
        self._at[level] = index, value
        self.size += 1
        return {(level, index): value for level, index, value in made}

    def root(self) -> bytes:
        """Return the root of all leaves so far."""
        return merkle.root(self._node, size=self.size)

    def _node(self, level: int, index: int) -> bytes:
        at, value = self._at[level]
        assert at == index
        return value


def check_log(
    findings: Findings, *, log_key: checkpoint.LogKey, known: Sequence[checkpoint.Checkpoint] = ()
) -> None:
    """Check entries, ticks, nodes, checkpoints and stamps, and the checkpoints kept outside."""
    edge, stored = _Edge(), 0
    outside: dict[int, set[bytes]] = {}
    for one in known:
        outside.setdefault(one.size, set()).add(one.root)
    for ticks in _chunks():
        said = _Said(ticks)
        nodes: dict[Node, bytes] = {}
        for tick in ticks:
            findings.count("ticks")
            where = f"tick {tick.index}"
            findings.require(tick.index == edge.size, where, f"follows {edge.size} leaves")
            _check_batch(findings, tick, said.entries.get(tick.index, []))
            made = edge.append(merkle.leaf_hash(bytes(tick.batch_root)))
            nodes |= {node: value for node, value in made.items() if node[0] >= STORED_FROM}
            root = edge.root()
            said.check_checkpoint(findings, tick, root=root, log_key=log_key)
            for other in outside.pop(edge.size, {root}) - {root}:
                findings.fault(f"known checkpoint {edge.size}", f"says {other.hex()}")
        stored += len(nodes)
        _check_nodes(findings, nodes)
    for size in outside:
        findings.fault(f"known checkpoint {size}", f"the log has only {edge.size} leaves")
    _check_surplus(findings, size=edge.size, nodes=stored)
    _check_waiting(findings)


class _Said:
    """What the other tables hold for a chunk of ticks."""

    def __init__(self, ticks: Sequence[LogTick]) -> None:
        first, last = ticks[0].index, ticks[-1].index
        sizes = Q(size__gte=first + 1, size__lte=last + 1)
        self._checkpoints = {row.size: row for row in Checkpoint.objects.filter(sizes)}
        stamps = Stamp.objects.filter(checkpoint__in=self._checkpoints)
        self._stamps = {stamp.checkpoint_id: stamp for stamp in stamps}
        self._cosignatures: dict[int, list[Cosignature]] = {}
        for signed in Cosignature.objects.filter(checkpoint__in=self._checkpoints):
            self._cosignatures.setdefault(signed.checkpoint_id, []).append(signed)
        self.entries: dict[int, list[LogEntry]] = {}
        for entry in LogEntry.objects.filter(tick__index__gte=first, tick__index__lte=last):
            self.entries.setdefault(entry.tick_id or 0, []).append(entry)

    def check_checkpoint(
        self, findings: Findings, tick: LogTick, *, root: bytes, log_key: checkpoint.LogKey
    ) -> None:
        """Check the signed word on the tree that ends with this tick."""
        size, where = tick.index + 1, f"checkpoint {tick.index + 1}"
        row = self._checkpoints.get(size)
        if row is None:
            findings.fault(where, "is missing")
            return
        findings.count("checkpoints")
        findings.require(bytes(row.root) == root, where, "does not have the root of the leaves")
        findings.require(row.at == tick.at, where, "has another moment than its tick")
        closes = any(entry.kind == TenderClosed.kind for entry in self.entries.get(tick.index, []))
        findings.require(row.must_stamp == closes, where, "is marked wrongly as a closing one")
        try:
            said = checkpoint.verify(row.note, log_key=log_key)
            findings.require((said.size, said.root) == (size, root), where, "signed another tree")
        except SealingError as error:
            findings.fault(where, str(error))
        if stamp := self._stamps.get(size):
            check_stamp(findings, stamp, note=row.note)
        for signed in self._cosignatures.get(size, []):
            check_cosignature(findings, signed, note=row.note)


def _chunks() -> Iterator[list[LogTick]]:
    """Yield the ticks in order, a chunk at a time."""
    after = -1
    while ticks := list(LogTick.objects.filter(index__gt=after).order_by("index")[:CHUNK]):
        yield ticks
        after = ticks[-1].index


def _check_batch(findings: Findings, tick: LogTick, entries: Sequence[LogEntry]) -> None:
    for entry in entries:
        _check_entry(findings, entry)
    places = {entry.position or 0: bytes(entry.leaf_hash) for entry in entries}
    batch = Batch(key=bytes(tick.batch_key), places=places)
    findings.require(
        batch.root() == bytes(tick.batch_root),
        f"tick {tick.index}",
        "does not have the root of its entries",
    )


def _check_entry(findings: Findings, entry: LogEntry) -> None:
    findings.count("entries")
    try:
        leaf = entry_hash(entry.body, salt=bytes(entry.salt))
    except SealingError:
        leaf = b""
    fine = leaf == bytes(entry.leaf_hash) and entry.body.get("kind") == entry.kind
    findings.require(fine, f"entry {entry.pk}", "does not have the hash of its content")


def _check_nodes(findings: Findings, nodes: dict[Node, bytes]) -> None:
    if not nodes:
        return
    rows = {(row.level, row.index): row for row in TreeNode.objects.filter(pk__in=list(nodes))}
    for node, value in nodes.items():
        row = rows.get(node)
        fine = row is not None and bytes(row.hash) == value
        findings.require(fine, f"node {node[0]}/{node[1]}", "is missing or another")


def _check_surplus(findings: Findings, *, size: int, nodes: int) -> None:
    """Check that there is nothing beyond the ticks."""
    for beyond in Checkpoint.objects.filter(Q(size__gt=size) | Q(size__lt=1)):
        findings.fault(f"checkpoint {beyond.size}", "has no tick")
    for entry in LogEntry.objects.filter(tick_id__gte=size).values_list("pk", flat=True):
        findings.fault(f"entry {entry}", "stands in a tick that is missing")
    surplus = TreeNode.objects.count() - nodes
    findings.require(surplus <= 0, "nodes", f"{surplus} belong to no tick")


def _check_waiting(findings: Findings) -> None:
    for entry in LogEntry.objects.filter(tick=None).iterator(CHUNK):
        _check_entry(findings, entry)
