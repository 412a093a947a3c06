"""Checkpoints: a C2SP tlog-checkpoint in a signed note, and the key that signs them. SPEC.md §9."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sealing.errors import Code, SealingError
from sealing.notes import SIGNATURE_BYTES, NoteKey, base64_of, divide, signer_name, unbase64

HASH_BYTES = 32

_SIZE = re.compile(r"(0|[1-9][0-9]{0,15})\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKey(NoteKey):
    """The public key of a log, under the log's name."""

    KIND: ClassVar[bytes] = b"\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a log: so many leaves, this root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64_of(self.root)}\n"


def sign(checkpoint: Checkpoint, *, private: Ed25519PrivateKey) -> str:
    """Write the signed note."""
    key = LogKey.of(private, origin=checkpoint.origin)
    text = checkpoint.text()
    return f"{text}\n{key.line(private.sign(text.encode()))}"


def verify(note: str, *, log_key: LogKey) -> Checkpoint:
    """Read a signed note and check the log's signature; signatures of others are passed over."""
    text, lines = divide(note, code=Code.CHECKPOINT)
    checkpoint = parse(text)
    if checkpoint.origin != log_key.origin:
        raise SealingError(Code.CHECKPOINT, "a checkpoint of another log")
    for signature in log_key.signatures(lines, length=SIGNATURE_BYTES, code=Code.CHECKPOINT):
        log_key.verify(signature, text.encode(), code=Code.CHECKPOINT)
        return checkpoint
    raise SealingError(Code.CHECKPOINT, "no signature of this log")


def parse(text: str) -> Checkpoint:
    """Read the signed text, whoever signed it."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:  # noqa: PLR2004 - three lines, and nothing after the last
        raise SealingError(Code.CHECKPOINT, "not three lines")
    origin, size, root = lines[:3]
    if not _SIZE.match(size) or int(size) >= 2**53:
        raise SealingError(Code.CHECKPOINT, "size")
    data = unbase64(root, Code.CHECKPOINT)
    if len(data) != HASH_BYTES:
        raise SealingError(Code.CHECKPOINT, "root")
    return Checkpoint(origin=signer_name(origin, Code.CHECKPOINT), size=int(size), root=data)
