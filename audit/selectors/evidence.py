"""The log's proof of one entry, checked before it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit.models import LogEntry
from audit.selectors.log import inclusion, latest_checkpoint
from sealing import checkpoint as checkpoints
from sealing.checkpoint import Checkpoint, LogKey
from sealing.encoding import b64u
from sealing.errors import SealingError
from sealing.log import LogProof


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """That an entry stands in the log, with everything a stranger needs to check it."""

    leaf: bytes
    proof: LogProof
    # The signed note as published, and what it says.
    note: str
    checkpoint: Checkpoint

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The proof's parts as text, in the order in which they are hashed together."""
        parts = [("leaf", b64u(self.leaf)), ("place", str(self.proof.place))]
        parts += [(f"batch[{number}]", b64u(one)) for number, one in enumerate(self.proof.batch)]
        parts += [("index", str(self.proof.index)), ("size", str(self.proof.size))]
        parts += [(f"path[{number}]", b64u(one)) for number, one in enumerate(self.proof.path)]
        return [*parts, ("root", b64u(self.checkpoint.root))]


def evidence(entry_id: UUID, *, log_key: LogKey) -> Evidence | None:
    """Return the proof of an entry against the newest checkpoint; None while it waits its tick."""
    entry = LogEntry.objects.filter(pk=entry_id).select_related("tick").first()
    return None if entry is None else evidence_of(entry, log_key=log_key)


def evidence_of(entry: LogEntry, *, log_key: LogKey) -> Evidence | None:
    """Return the proof of an entry at hand. A row that the roots do not cover is no entry."""
    newest = latest_checkpoint()
    body = inclusion(entry, size=newest.size) if newest else None
    if newest is None or body is None:
        return None
    try:
        return carried(
            bytes(entry.leaf_hash),
            proof=LogProof.from_body(body),
            note=newest.note,
            log_key=log_key,
        )
    except SealingError:
        return None


def carried(leaf: bytes, *, proof: LogProof, note: str, log_key: LogKey) -> Evidence:
    """Check a proof that somebody brought; `SealingError` if it does not hold."""
    state = checkpoints.verify(note, log_key=log_key)
    proof.verify(leaf, checkpoint=state)
    return Evidence(leaf=leaf, proof=proof, note=note, checkpoint=state)
