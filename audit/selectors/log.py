"""The log as its readers see it: the newest checkpoint, and proofs against a checkpoint."""

from __future__ import annotations

from typing import Any

from audit.models import Checkpoint, Cosignature, LogEntry, LogTick, Stamp
from audit.selectors.tree import with_tree
from sealing import log
from sealing.batch import Batch
from sealing.encoding import b64u


def latest_checkpoint() -> Checkpoint | None:
    """Return the log's newest word; None before its first tick."""
    return Checkpoint.objects.order_by("-size").first()


def cosigned_note(checkpoint: Checkpoint) -> str:
    """Return the signed note with the lines of the witnesses that cosigned it."""
    lines = checkpoint.cosignatures.order_by("witness").values_list("line", flat=True)
    return checkpoint.note + "".join(lines)


def first_cosigned(*, size: int) -> Checkpoint | None:
    """Return the first checkpoint of at least this size that a witness signed."""
    signed = Checkpoint.objects.filter(size__gte=size, cosignatures__isnull=False)
    return signed.order_by("size").first()


def latest_cosigned() -> Checkpoint | None:
    """Return the newest checkpoint that a witness signed."""
    return Checkpoint.objects.filter(cosignatures__isnull=False).order_by("-size").first()


def latest_cosignatures() -> list[Cosignature]:
    """Return the newest signature of each witness, by its name."""
    newest = Cosignature.objects.order_by("witness", "-checkpoint_id").distinct("witness")
    return list(newest)


def latest_stamp() -> Stamp | None:
    """Return the newest timestamp over a checkpoint; None where no authority is named."""
    return Stamp.objects.order_by("-checkpoint_id").first()


def inclusion(entry: LogEntry, *, size: int | None = None) -> dict[str, Any] | None:
    """Prove an entry against the checkpoint of `size`, by default the newest (SPEC §8, `proof`).

    None while the entry waits for its tick, or when that checkpoint is older than the entry.
    """
    if size is None:
        newest = latest_checkpoint()
        size = newest.size if newest else 0
    tick = entry.tick
    if tick is None or entry.position is None or tick.index >= size:
        return None
    made = batch_of(tick)
    place, index, until = entry.position, tick.index, size
    proof = with_tree(
        lambda nodes: log.prove(made, place=place, nodes=nodes, index=index, size=until)
    )
    return proof.body()


def batch_of(tick: LogTick) -> Batch:
    """Return the batch a tick committed to; its key and places never leave the server."""
    placed = tick.entries.values_list("position", "leaf_hash")
    return Batch(
        key=bytes(tick.batch_key),
        places={place: bytes(leaf) for place, leaf in placed if place is not None},
    )


def logged(entry: LogEntry, *, size: int | None = None) -> dict[str, Any] | None:
    """Return an entry with its salt and proof, all that its owner needs (SPEC §8, `logged`)."""
    proof = inclusion(entry, size=size)
    if proof is None:
        return None
    return {"entry": entry.body, "salt": b64u(bytes(entry.salt)), "proof": proof}


def consistency(old: int, new: int) -> dict[str, Any]:
    """Prove that the log of `new` leaves begins with the log of `old` (RFC 6962 §2.1.2)."""
    return with_tree(lambda nodes: log.consistency_body(nodes, old=old, new=new))
