"""Signed notes (C2SP signed-note) and the keys that sign them: one line each. SPEC.md §9."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sealing.errors import Code, SealingError

PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64
MAX_NOTE = 16384

_ID_BYTES = 4
_NAME = re.compile(r"[!-*,-~]{1,200}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteKey:
    """The public key of somebody who signs notes, under the name he signs with."""

    KIND: ClassVar[bytes]

    origin: str
    public: bytes

    @classmethod
    def of(cls, private: Ed25519PrivateKey, *, origin: str) -> Self:
        """Take the public half."""
        public = private.public_key().public_bytes_raw()
        return cls(origin=signer_name(origin, Code.KEY_FILE), public=public)

    @classmethod
    def loads(cls, text: str) -> Self:
        """Read the one line of a `.pub` file."""
        origin, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        data = unbase64(encoded, Code.KEY_FILE)
        if len(data) != len(cls.KIND) + PUBLIC_BYTES or not data.startswith(cls.KIND):
            raise SealingError(Code.KEY_FILE, "not an Ed25519 note key of its kind")
        key = cls(origin=signer_name(origin, Code.KEY_FILE), public=data[1:])
        if key.id.hex() != key_id:
            raise SealingError(Code.KEY_FILE, "the key id does not belong to this key")
        return key

    def dumps(self) -> str:
        """Write the one line of a `.pub` file."""
        return f"{self.name}+{base64_of(self.KIND + self.public)}"

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each signature."""
        named = self.origin.encode() + b"\n" + self.KIND + self.public
        return hashlib.sha256(named).digest()[:_ID_BYTES]

    @property
    def name(self) -> str:
        """Origin and key id: how others name the key."""
        return f"{self.origin}+{self.id.hex()}"

    def line(self, signature: bytes) -> str:
        """Write a signature line of this key."""
        return f"— {self.origin} {base64_of(self.id + signature)}\n"

    def signatures(self, lines: str, *, length: int, code: Code) -> Iterator[bytes]:
        """Yield what stands in the lines of this key; lines of others are passed over."""
        for line in lines.removesuffix("\n").split("\n"):
            dash, _, rest = line.partition(" ")
            name, _, encoded = rest.partition(" ")
            if dash != "—":
                raise SealingError(code, "not a signature line")
            if name != self.origin:
                continue
            data = unbase64(encoded, code)
            if data[:_ID_BYTES] == self.id and len(data) == _ID_BYTES + length:
                yield data[_ID_BYTES:]

    def verify(self, signature: bytes, message: bytes, *, code: Code) -> None:
        """Refuse a signature that is not this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise SealingError(code, f"the signature is not that of {self.origin}") from error


def divide(note: str, *, code: Code) -> tuple[str, str]:
    """Return the signed text of a note and its signature lines."""
    if len(note) > MAX_NOTE:
        raise SealingError(code, "too long")
    text, separator, signatures = note.partition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise SealingError(code, "not a signed note")
    return text + "\n", signatures


def signer_name(text: str, code: Code) -> str:
    """Read the name of a signer."""
    if not _NAME.match(text):
        raise SealingError(code, "origin")
    return text


def unbase64(text: str, code: Code) -> bytes:
    """Read standard base64 in its one spelling."""
    try:
        data = base64.b64decode(text)
    except (binascii.Error, ValueError) as error:
        raise SealingError(code, "not base64") from error
    # The library passes over what is not of the alphabet; written again, the text lacks it.
    if base64_of(data) != text:
        raise SealingError(code, "base64 with stray bits")
    return data


def base64_of(data: bytes) -> str:
    """Write standard base64."""
    return base64.b64encode(data).decode("ascii")
