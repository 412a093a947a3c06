"""Checkpoints: a C2SP tlog-checkpoint in a signed note, and the key that signs them. SPEC.md §9."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sealing.errors import Code, SealingError

HASH_BYTES = 32
MAX_NOTE = 16384

_ED25519 = b"\x01"
_ID_BYTES = 4
_SIGNATURE_BYTES = 64
_ORIGIN = re.compile(r"[!-*,-~]{1,200}\Z")
_SIZE = re.compile(r"(0|[1-9][0-9]{0,15})\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKey:
    """The public key of a log, under the log's name."""

    origin: str
    public: bytes

    @classmethod
    def of(cls, private: Ed25519PrivateKey, *, origin: str) -> LogKey:
        """Take the public half."""
        return cls(
            origin=_origin(origin, Code.KEY_FILE), public=private.public_key().public_bytes_raw()
        )

    @classmethod
    def loads(cls, text: str) -> LogKey:
        """Read the one line of `log-key.pub`."""
        origin, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        data = _unb64(encoded, Code.KEY_FILE)
        if len(data) != len(_ED25519) + HASH_BYTES or not data.startswith(_ED25519):
            raise SealingError(Code.KEY_FILE, "not an Ed25519 note key")
        key = cls(origin=_origin(origin, Code.KEY_FILE), public=data[1:])
        if key.id.hex() != key_id:
            raise SealingError(Code.KEY_FILE, "the key id does not belong to this key")
        return key

    def dumps(self) -> str:
        """Write the one line of `log-key.pub`."""
        encoded = base64.b64encode(_ED25519 + self.public).decode("ascii")
        return f"{self.name}+{encoded}"

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each signature."""
        named = self.origin.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named).digest()[:_ID_BYTES]

    @property
    def name(self) -> str:
        """Origin and key id: how a receipt names the key."""
        return f"{self.origin}+{self.id.hex()}"

    def verify(self, signature: bytes, message: bytes, *, code: Code) -> None:
        """Refuse a signature that is not this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise SealingError(code, "the signature is not the log's") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a log: so many leaves, this root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed."""
        root = base64.b64encode(self.root).decode("ascii")
        return f"{self.origin}\n{self.size}\n{root}\n"


def sign(checkpoint: Checkpoint, *, private: Ed25519PrivateKey) -> str:
    """Write the signed note."""
    key = LogKey.of(private, origin=checkpoint.origin)
    text = checkpoint.text()
    signature = base64.b64encode(key.id + private.sign(text.encode())).decode("ascii")
    return f"{text}\n— {key.origin} {signature}\n"


def verify(note: str, *, log_key: LogKey) -> Checkpoint:
    """Read a signed note and check the log's signature; signatures of others are passed over."""
    if len(note) > MAX_NOTE:
        raise SealingError(Code.CHECKPOINT, "too long")
    text, separator, signatures = note.partition("\n\n")
    text += "\n"
    if not separator or not signatures.endswith("\n"):
        raise SealingError(Code.CHECKPOINT, "not a signed note")
    checkpoint = _parse(text)
    if checkpoint.origin != log_key.origin:
        raise SealingError(Code.CHECKPOINT, "a checkpoint of another log")
    for line in signatures.removesuffix("\n").split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "—":
            raise SealingError(Code.CHECKPOINT, "not a signature line")
        if name != log_key.origin:
            continue
        data = _unb64(encoded, Code.CHECKPOINT)
        if data[:_ID_BYTES] == log_key.id and len(data) == _ID_BYTES + _SIGNATURE_BYTES:
            log_key.verify(data[_ID_BYTES:], text.encode(), code=Code.CHECKPOINT)
            return checkpoint
    raise SealingError(Code.CHECKPOINT, "no signature of this log")


def _parse(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:  # noqa: PLR2004 - three lines, and nothing after the last
        raise SealingError(Code.CHECKPOINT, "not three lines")
    origin, size, root = lines[:3]
    if not _SIZE.match(size) or int(size) >= 2**53:
        raise SealingError(Code.CHECKPOINT, "size")
    data = _unb64(root, Code.CHECKPOINT)
    if len(data) != HASH_BYTES:
        raise SealingError(Code.CHECKPOINT, "root")
    return Checkpoint(origin=_origin(origin, Code.CHECKPOINT), size=int(size), root=data)


def _origin(text: str, code: Code) -> str:
    if not _ORIGIN.match(text):
        raise SealingError(code, "origin")
    return text


def _unb64(text: str, code: Code) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealingError(code, "not base64") from error
    if base64.b64encode(data).decode("ascii") != text:
        raise SealingError(code, "base64 with stray bits")
    return data
