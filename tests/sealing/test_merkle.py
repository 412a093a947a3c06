"""The tree is RFC 6962's: against another implementation, and against every lie we can think of."""

from __future__ import annotations

import hashlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from sealing import batch, merkle
from sealing.errors import SealingError
from sealing.merkle import MemoryTree
from tests.vectors.reading import read


def tree_of(size: int) -> MemoryTree:
    return MemoryTree(merkle.leaf_hash(str(n).encode()) for n in range(size))


class TestTheRoot:
    def test_of_the_reference_leaves_is_that_of_another_implementation(self):
        wanted = read("merkle")
        theirs, ours = InmemoryTree(algorithm="sha256"), MemoryTree()
        for size, leaf in enumerate(wanted["leaves"], start=1):
            theirs.append_entry(bytes.fromhex(leaf))
            ours.append(merkle.leaf_hash(bytes.fromhex(leaf)))
            assert ours.root().hex() == theirs.get_root().hex() == wanted["roots"][size]

    def test_of_nothing_is_the_hash_of_nothing(self):
        assert MemoryTree().root() == hashlib.sha256().digest()

    @given(st.integers(0, 130), st.integers(0, 130))
    def test_of_an_earlier_size_stays_known(self, one, other):
        small, large = sorted((one, other))
        assert tree_of(large).root(small) == tree_of(small).root()


class TestInclusion:
    @given(st.integers(1, 130), st.data())
    def test_is_proved_for_every_leaf(self, size, data):
        index = data.draw(st.integers(0, size - 1))
        tree = tree_of(size)
        path = merkle.inclusion(tree.nodes, index=index, size=size)
        leaf = merkle.leaf_hash(str(index).encode())
        assert merkle.root_from_inclusion(leaf, index=index, size=size, path=path) == tree.root()

    @given(st.integers(2, 70), st.data())
    def test_is_refused_for_another_leaf_place_or_path(self, size, data):
        index = data.draw(st.integers(0, size - 1))
        tree, leaf = tree_of(size), merkle.leaf_hash(str(index).encode())
        path = merkle.inclusion(tree.nodes, index=index, size=size)
        at = data.draw(st.integers(0, len(path) - 1))
        lies = [
            (os.urandom(32), index, path),
            (leaf, (index + 1) % size, path),
            (leaf, index, path[:-1]),
            (leaf, index, [*path, os.urandom(32)]),
            (leaf, index, [*path[:at], os.urandom(32), *path[at + 1 :]]),
            (leaf, size, path),
            (leaf, -1, path),
        ]
        for claimed, place, way in lies:
            try:
                root = merkle.root_from_inclusion(claimed, index=place, size=size, path=way)
            except SealingError:
                continue
            assert root != tree.root()

    def test_of_a_leaf_beyond_the_end_has_no_proof(self):
        with pytest.raises(SealingError):
            merkle.inclusion(tree_of(3).nodes, index=3, size=3)


class TestConsistency:
    @given(st.integers(0, 130), st.integers(0, 130))
    def test_is_proved_between_any_two_sizes(self, one, other):
        old, new = sorted((one, other))
        tree = tree_of(new)
        merkle.verify_consistency(
            old=old,
            new=new,
            old_root=tree.root(old),
            new_root=tree.root(),
            path=merkle.consistency(tree.nodes, old=old, new=new),
        )

    @given(st.integers(1, 70), st.integers(1, 70), st.data())
    def test_is_refused_for_a_fork(self, one, other, data):
        old, new = sorted((one, other))
        honest = tree_of(new)
        changed = data.draw(st.integers(0, old - 1))
        forked = MemoryTree(
            merkle.leaf_hash(b"other" if n == changed else str(n).encode()) for n in range(new)
        )
        for path in (
            merkle.consistency(honest.nodes, old=old, new=new),
            merkle.consistency(forked.nodes, old=old, new=new),
        ):
            with pytest.raises(SealingError):
                merkle.verify_consistency(
                    old=old,
                    new=new,
                    old_root=honest.root(old),
                    new_root=forked.root(),
                    path=path,
                )

    def test_is_refused_for_a_log_that_shrank(self):
        tree = tree_of(5)
        with pytest.raises(SealingError):
            merkle.verify_consistency(
                old=5, new=4, old_root=tree.root(), new_root=tree.root(4), path=[]
            )
        with pytest.raises(SealingError):
            merkle.consistency(tree.nodes, old=5, new=4)

    @pytest.mark.parametrize(("old", "new"), [(3, 7), (4, 7), (0, 7), (7, 7)])
    def test_is_refused_with_a_path_of_another_length(self, old, new):
        tree = tree_of(new)
        path = merkle.consistency(tree.nodes, old=old, new=new)
        for way in (path[:-1], [], [*path, os.urandom(32)]):
            if way != path:
                with pytest.raises(SealingError):
                    merkle.verify_consistency(
                        old=old, new=new, old_root=tree.root(old), new_root=tree.root(), path=way
                    )


class TestABatch:
    @given(st.lists(st.binary(min_size=32, max_size=32), unique=True, max_size=12))
    def test_proves_each_entry_in_sixteen_hashes(self, entries):
        made = batch.build(entries)
        assert sorted(made.places.values()) == sorted(entries)
        for place, entry in made.places.items():
            path = made.path(place)
            assert len(path) == 16
            assert batch.root_from_path(entry, place=place, path=path) == made.root()
            assert batch.root_from_path(entry, place=place ^ 1, path=path) != made.root()

    def test_with_nothing_looks_like_any_other(self):
        assert len({batch.build([]).root() for _ in range(3)}) == 3

    def test_shows_no_empty_place(self):
        made = batch.build([os.urandom(32)])
        (place,) = made.places
        with pytest.raises(SealingError):
            made.path(place ^ 1)

    def test_gives_two_entries_two_places(self):
        """Randomness that repeats itself must not lose an entry."""
        repeating = iter([bytes(32), b"\0\1", b"\0\1", b"\0\2"])
        made = batch.build([bytes(32), bytes(31) + b"\1"], random=lambda _: next(repeating))
        assert set(made.places) == {1, 2}

    def test_path_of_another_depth_is_refused(self):
        for path in ([], [bytes(32)] * 15, [bytes(32)] * 17):
            with pytest.raises(SealingError):
                batch.root_from_path(bytes(32), place=0, path=path)
