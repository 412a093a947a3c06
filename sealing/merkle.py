"""The Merkle tree of RFC 6962: made from stored subtrees, verified from nothing but a root.

A log keeps the hash of every complete subtree under (level, index). Appending adds a handful, a
root or a proof reads a handful, whatever the size of the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

from sealing.errors import Code, SealingError

Nodes = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree (level, index): leaves index·2^level and on."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash the data of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one."""
    return hashlib.sha256(b"\1" + left + right).digest()


def append(nodes: Nodes, *, size: int, leaf: bytes) -> list[tuple[int, int, bytes]]:
    """Return the complete subtrees that leaf number `size` brings, to be stored by the caller."""
    made = [(0, size, leaf)]
    level, index, value = 0, size, leaf
    while index & 1:
        value = node_hash(nodes(level, index - 1), value)
        level, index = level + 1, index >> 1
        made.append((level, index, value))
    return made


def root(nodes: Nodes, *, size: int) -> bytes:
    """Return the root of the first `size` leaves."""
    return _range(nodes, 0, size) if size else EMPTY_ROOT


def inclusion(nodes: Nodes, *, index: int, size: int) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves, from the leaf up."""
    if not 0 <= index < size:
        raise SealingError(Code.PROOF, f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_range(nodes, middle, end))
            end = middle
        else:
            path.append(_range(nodes, begin, middle))
            begin = middle
    return path[::-1]


def consistency(nodes: Nodes, *, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is a beginning of the tree of `new`."""
    if not 0 <= old <= new:
        raise SealingError(Code.PROOF, f"{old} leaves are no beginning of {new}")
    if old in {0, new}:
        return []
    path: list[bytes] = []
    begin, end, known = 0, new, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_range(nodes, middle, end))
            end = middle
        else:
            path.append(_range(nodes, begin, middle))
            begin, known = middle, False
    if not known:
        path.append(_range(nodes, begin, end))
    return path[::-1]


def root_from_inclusion(leaf: bytes, *, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Compute the root that this path claims (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        raise SealingError(Code.PROOF, f"leaf {index} is not in a tree of {size}")
    value = leaf
    for sibling, on_left in _climb(index, last=size - 1, path=path):
        value = node_hash(sibling, value) if on_left else node_hash(value, sibling)
    return value


def verify_consistency(
    *, old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Refuse unless the old tree is a beginning of the new one (RFC 9162 §2.1.4.2)."""
    if not 0 <= old <= new:
        raise SealingError(Code.PROOF, "the log has become shorter")
    if old in {0, new}:
        if path or old_root != (new_root if old else EMPTY_ROOT):
            raise SealingError(Code.PROOF, "two roots of one size")
        return
    hashes = list(path)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)  # a complete tree is its own first subtree
    if not hashes:
        raise SealingError(Code.PROOF, "the path is too short")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    made_old = made_new = hashes[0]
    for sibling, on_left in _climb(at, last=last, path=hashes[1:]):
        if on_left:
            made_old = node_hash(sibling, made_old)
            made_new = node_hash(sibling, made_new)
        else:
            made_new = node_hash(made_new, sibling)
    if (made_old, made_new) != (old_root, new_root):
        raise SealingError(Code.PROOF, "the old tree is not a beginning of the new one")


class MemoryTree:
    """A tree held in memory: for verifiers who have all leaves, and for tests."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._nodes: dict[tuple[int, int], bytes] = {}
        self.size = 0
        for leaf in leaves:
            self.append(leaf)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        for level, index, value in append(self.nodes, size=self.size, leaf=leaf):
            self._nodes[level, index] = value
        self.size += 1

    def nodes(self, level: int, index: int) -> bytes:
        """Give a complete subtree."""
        return self._nodes[level, index]

    def root(self, size: int | None = None) -> bytes:
        """Return the root, now or at an earlier size."""
        return root(self.nodes, size=self.size if size is None else size)


def _climb(at: int, *, last: int, path: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each sibling of a path and whether it stands on the left, until the root."""
    for sibling in path:
        if last == 0:
            raise SealingError(Code.PROOF, "the path is too long")
        on_left = bool(at & 1) or at == last
        yield sibling, on_left
        # A right edge that hangs higher than its level has no sibling on the levels between.
        while on_left and at and not at & 1:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    if last:
        raise SealingError(Code.PROOF, "the path is too short")


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _range(nodes: Nodes, begin: int, end: int) -> bytes:
    """Hash leaves begin..end; begin is aligned, so all but the right edge is stored."""
    size = end - begin
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes(level, begin >> level)
    middle = begin + _split(size)
    return node_hash(_range(nodes, begin, middle), _range(nodes, middle, end))
