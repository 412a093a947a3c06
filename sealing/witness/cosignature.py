"""Cosignatures: C2SP tlog-cosignature v1, Ed25519 over a checkpoint and the witness's own time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealing.errors import Code, SealingError
from sealing.notes import SIGNATURE_BYTES, NoteKey, divide

_TIME_BYTES = 8
_LATEST = 2**53 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessKey(NoteKey):
    """The public key of a witness, under the witness's name (`origin`)."""

    KIND: ClassVar[bytes] = b"\x04"


def cosign(note: str, *, private: Ed25519PrivateKey, name: str, at: int) -> str:
    """Return the signature line of a witness over a note, made at `at` (Unix seconds)."""
    text, _ = divide(note, code=Code.CHECKPOINT)
    if not 0 < at <= _LATEST:
        raise SealingError(Code.CHECKPOINT, "no time to sign at")
    key = WitnessKey.of(private, origin=name)
    return key.line(at.to_bytes(_TIME_BYTES, "big") + private.sign(_message(text, at)))


def verify_cosignature(note: str, *, witness: WitnessKey) -> int:
    """Return when the witness signed this note (Unix seconds); refuse if it did not."""
    text, lines = divide(note, code=Code.CHECKPOINT)
    length = _TIME_BYTES + SIGNATURE_BYTES
    for found in witness.signatures(lines, length=length, code=Code.CHECKPOINT):
        at = int.from_bytes(found[:_TIME_BYTES], "big")
        witness.verify(found[_TIME_BYTES:], _message(text, at), code=Code.CHECKPOINT)
        return at
    raise SealingError(Code.CHECKPOINT, f"no signature of {witness.origin}")


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
