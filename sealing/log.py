"""Entries of the log and the proof that they are in it: SPEC.md §8."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sealing import batch, canonical, merkle
from sealing.checkpoint import Checkpoint
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.shapes import exact, is_hash, is_list, is_object, octets, same, whole

SALT_BYTES = 32

_PROOF = {
    "v": same(1),
    "place": whole(0, batch.PLACES - 1),
    "batch": is_list,
    "index": whole(),
    "size": whole(),
    "path": is_list,
}
_LOGGED = {"entry": is_object, "salt": octets(SALT_BYTES), "proof": is_object}
_CONSISTENCY = {"v": same(1), "from": whole(), "to": whole(), "path": is_list}


def entry_hash(entry: Mapping[str, object], *, salt: bytes) -> bytes:
    """Hash an entry so that nobody can guess it before its salt is published."""
    return hashlib.sha256(b"ggzy-log/1\0" + salt + canonical.dumps(entry)).digest()


def set_root(leaves: Iterable[bytes]) -> bytes:
    """Commit to the live bids of a lot by their entry hashes."""
    ordered = sorted(leaves)
    return hashlib.sha256(
        b"ggzy-bid/1 set\0" + len(ordered).to_bytes(4, "big") + b"".join(ordered)
    ).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogProof:
    """The way from an entry hash to the root of the log."""

    place: int
    batch: tuple[bytes, ...]
    index: int
    size: int
    path: tuple[bytes, ...]

    def body(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {
            "v": 1,
            "place": self.place,
            "batch": [b64u(one) for one in self.batch],
            "index": self.index,
            "size": self.size,
            "path": [b64u(one) for one in self.path],
        }

    @classmethod
    def from_body(cls, body: object) -> LogProof:
        """Read the JSON object."""
        members = exact(body, _PROOF, what="proof", code=Code.PROOF)
        return cls(
            place=members["place"],
            batch=hashes(members["batch"]),
            index=members["index"],
            size=members["size"],
            path=hashes(members["path"]),
        )

    def root(self, leaf: bytes) -> bytes:
        """Compute the root this proof claims for an entry hash."""
        tick = batch.root_from_path(leaf, place=self.place, path=self.batch)
        return merkle.root_from_inclusion(
            merkle.leaf_hash(tick), index=self.index, size=self.size, path=self.path
        )

    def verify(self, leaf: bytes, *, checkpoint: Checkpoint) -> None:
        """Refuse unless the entry hash is in the log of this checkpoint."""
        if self.size != checkpoint.size:
            raise SealingError(Code.PROOF, "the proof is for a log of another size")
        if self.root(leaf) != checkpoint.root:
            raise SealingError(Code.PROOF, "the entry is not in this log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """An entry with its salt and its proof: what evidence is made of."""

    entry: Mapping[str, Any]
    salt: bytes
    proof: LogProof

    @property
    def leaf(self) -> bytes:
        """The entry hash."""
        return entry_hash(self.entry, salt=self.salt)

    def body(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {"entry": dict(self.entry), "salt": b64u(self.salt), "proof": self.proof.body()}

    @classmethod
    def from_body(cls, body: object) -> Logged:
        """Read the JSON object; the entry's own fields are read by `entries.parse`."""
        members = exact(body, _LOGGED, what="logged entry", code=Code.PROOF)
        return cls(
            entry=members["entry"],
            salt=unb64u(members["salt"]),
            proof=LogProof.from_body(members["proof"]),
        )

    def verify(self, checkpoint: Checkpoint) -> None:
        """Refuse unless the entry is in the log of this checkpoint."""
        self.proof.verify(self.leaf, checkpoint=checkpoint)


def prove(made: batch.Batch, *, place: int, nodes: merkle.Nodes, index: int, size: int) -> LogProof:
    """Make the proof of the entry at `place` of the tick `index`, in the tree of `size` ticks."""
    return LogProof(
        place=place,
        batch=tuple(made.path(place)),
        index=index,
        size=size,
        path=tuple(merkle.inclusion(nodes, index=index, size=size)),
    )


def consistency_body(nodes: merkle.Nodes, *, old: int, new: int) -> dict[str, Any]:
    """Make a consistency proof as a JSON object."""
    path = merkle.consistency(nodes, old=old, new=new)
    return {"v": 1, "from": old, "to": new, "path": [b64u(one) for one in path]}


def verify_consistency(body: object, *, old: Checkpoint, new: Checkpoint) -> None:
    """Refuse unless the old checkpoint's log is a beginning of the new one's."""
    members = exact(body, _CONSISTENCY, what="consistency proof", code=Code.PROOF)
    if old.origin != new.origin:
        raise SealingError(Code.PROOF, "checkpoints of two logs")
    if (members["from"], members["to"]) != (old.size, new.size):
        raise SealingError(Code.PROOF, "the proof is for other sizes")
    merkle.verify_consistency(
        old=old.size,
        new=new.size,
        old_root=old.root,
        new_root=new.root,
        path=hashes(members["path"]),
    )


def hashes(items: list[Any]) -> tuple[bytes, ...]:
    """Read a list of hashes of a proof."""
    if not all(map(is_hash, items)):
        raise SealingError(Code.PROOF, "not a list of hashes")
    return tuple(unb64u(item) for item in items)
