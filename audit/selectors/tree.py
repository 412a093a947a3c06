"""The log's tree as it is stored: large subtrees as rows, small ones from the ticks below them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db.models import Q

from audit.models import LogTick, TreeNode
from sealing import merkle

Node = tuple[int, int]
T = TypeVar("T")

# Subtrees of sixteen leaves and more are rows: an eighth of what the whole tree would take, for
# at most sixteen ticks more to read where a proof goes below.
STORED_FROM = 4


def with_tree(make: Callable[[merkle.Nodes], T]) -> T:
    """Return what `make` makes from the stored tree, for two queries in all.

    `make` is called twice, first to learn which subtrees it asks for; a proof over ten million
    leaves asks for some forty.
    """
    wanted: set[Node] = set()

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return bytes(merkle.EMPTY_ROOT)

    make(note)
    roots = _roots(wanted)
    return make(lambda level, index: roots[level, index])


def _roots(wanted: set[Node]) -> dict[Node, bytes]:
    large = [node for node in wanted if node[0] >= STORED_FROM]
    rows = TreeNode.objects.filter(pk__in=large) if large else TreeNode.objects.none()
    small = _below({index >> (STORED_FROM - level) for level, index in wanted.difference(large)})
    return small | {(row.level, row.index): bytes(row.hash) for row in rows}


def _below(blocks: Iterable[int]) -> dict[Node, bytes]:
    """Return every complete subtree inside these blocks of sixteen leaves."""
    inside = Q()
    for block in blocks:
        first = block << STORED_FROM
        inside |= Q(index__gte=first, index__lt=first + (1 << STORED_FROM))
    if not inside:
        return {}
    made: dict[Node, bytes] = {}
    rows = LogTick.objects.filter(inside).order_by("index")
    for index, root in rows.values_list("index", "batch_root"):
        made |= _grown(made, index, merkle.leaf_hash(bytes(root)))
    return made


def _grown(made: dict[Node, bytes], index: int, leaf: bytes) -> dict[Node, bytes]:
    """Return the subtrees that a leaf completes inside its block.

    Counted from its block's first leaf, a block is a whole tree that ends with itself.
    """
    block, place = divmod(index, 1 << STORED_FROM)

    def moved(level: int, at: int) -> Node:
        return level, at + (block << (STORED_FROM - level))

    grown = merkle.append(lambda level, at: made[moved(level, at)], size=place, leaf=leaf)
    return {moved(level, at): value for level, at, value in grown}
