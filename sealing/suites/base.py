"""What every suite does: names, commitments, boxes and keys, byte for byte as SPEC.md §2.2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from cryptography.hazmat.primitives.hashes import Hash, HashAlgorithm
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sealing.encoding import b64u
from sealing.errors import Code, SealingError

SHARE_BYTES = 32
SECRET_BYTES = 32
KID_BYTES = 16

BIDDER = "bidder"
HOST = "host"
LABELS = (BIDDER, HOST)

Random = Callable[[int], bytes]


class SuiteId(StrEnum):
    """How a header, a key file or a log entry names its suite."""

    X25519 = "1"
    XWING = "2"
    GM1 = "GM-1"


class Kem(Protocol):
    """Public-key boxes. Secrets are 32 bytes in every suite; a refusal is a ValueError."""

    public_bytes: int

    def generate(self, random: Random) -> bytes:
        """Make a secret."""

    def public_of(self, secret: bytes) -> bytes:
        """Derive the public key."""

    def is_box(self, boxed: bytes) -> bool:
        """Tell whether these bytes have the outer form of a box with a share in it."""

    def seal(self, share: bytes, *, public: bytes, info: bytes) -> bytes:
        """Box a share for `public`, bound to `info`."""

    def open(self, boxed: bytes, *, secret: bytes, info: bytes) -> bytes:
        """Open a box that was bound to `info`."""


class SegmentCipher(Protocol):
    """An AEAD with 12-byte nonces and 16-byte tags that works in place."""

    def encrypt_into(
        self, nonce: bytes, data: memoryview, associated_data: None, buf: memoryview, /
    ) -> int:
        """Encrypt into a buffer of exactly 16 bytes more."""

    def decrypt_into(
        self, nonce: bytes, data: memoryview, associated_data: None, buf: memoryview, /
    ) -> int:
        """Decrypt into a buffer of exactly 16 bytes less, or raise InvalidTag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentKeys:
    """What the two shares yield together."""

    content: bytes = field(repr=False)
    commitment: bytes
    parts: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Suite:
    """One choice of algorithms. Every derivation names the suite, so no value serves in two.

    There is one object of each; they are compared by identity.
    """

    id: SuiteId
    kem: Kem
    algorithm: HashAlgorithm
    aead: Callable[[bytes], SegmentCipher]
    aead_key_bytes: int
    notice: str = ""

    def kid(self, public: bytes) -> bytes:
        """Name a public key."""
        return self.digest(self._tag("kid") + public)[:KID_BYTES]

    def b64_kid(self, public: bytes) -> str:
        """Name a public key as JSON does."""
        return b64u(self.kid(public))

    def commit(self, share: bytes, *, label: str, ctxh: bytes) -> bytes:
        """Commit to a share in public; hiding because the share is 256 random bits."""
        return self.digest(self._tag("commit") + label.encode() + b"\0" + ctxh + share)

    def commit_part(self, key: bytes, *, index: int, ctxh: bytes) -> bytes:
        """Commit to one part's key, so that it can be published without the others."""
        return self.digest(self._tag("part-commit") + index.to_bytes(4, "big") + ctxh + key)

    def commit_piece(self, piece: bytes, *, kid: bytes, number: int) -> bytes:
        """Commit to one of the three pieces of a host key."""
        return self.digest(self._tag("piece") + kid + bytes([number]) + piece)

    def box(self, share: bytes, *, public: bytes, label: str, ctxh: bytes) -> bytes:
        """Box a share to the holder of `public`."""
        info = self.box_info(self.kid(public), label=label, ctxh=ctxh)
        try:
            return self.kem.seal(share, public=public, info=info)
        except ValueError as error:
            # An all-zero or low-order public key makes a shared secret that everybody knows.
            raise SealingError(Code.MALFORMED, f"{label} public key is not usable") from error

    def unbox(self, boxed: bytes, *, secret: bytes, label: str, ctxh: bytes) -> bytes:
        """Open a box; the caller has compared suite and kid."""
        info = self.box_info(self.kid(self.kem.public_of(secret)), label=label, ctxh=ctxh)
        try:
            share = self.kem.open(boxed, secret=secret, info=info)
        except ValueError as error:
            raise SealingError(Code.WRONG_KEY, f"the {label} box does not open") from error
        if len(share) != SHARE_BYTES:
            raise SealingError(Code.MALFORMED, f"the {label} box holds {len(share)} bytes")
        return share

    def box_info(self, kid: bytes, *, label: str, ctxh: bytes) -> bytes:
        """Say what a box is for; it opens for nothing else."""
        return self._tag("share") + label.encode() + b"\0" + kid + b"\0" + ctxh

    def content_keys(self, *, bidder: bytes, host: bytes, ctxh: bytes, parts: int) -> ContentKeys:
        """Derive the key commitment and the part keys from both shares."""
        content = self.hkdf(bidder + host, info=self._tag("cek") + ctxh)
        return ContentKeys(
            content=content,
            commitment=self.hkdf(content, info=self._tag("kc") + ctxh),
            parts=tuple(
                self.hkdf(content, info=self._tag("part") + index.to_bytes(4, "big") + ctxh)
                for index in range(parts)
            ),
        )

    def cipher(self, key: bytes, *, salt: bytes, aad: bytes) -> SegmentCipher:
        """Give the cipher of one part's segments."""
        return self.aead(self.hkdf(key, info=aad, salt=salt, length=self.aead_key_bytes))

    def digest(self, data: bytes) -> bytes:
        """Hash with the suite's own hash, 32 bytes."""
        made = Hash(self.algorithm)
        made.update(data)
        return made.finalize()

    def hkdf(
        self, key: bytes, *, info: bytes, salt: bytes | None = None, length: int = 32
    ) -> bytes:
        """HKDF with the suite's own hash."""
        return HKDF(algorithm=self.algorithm, length=length, salt=salt, info=info).derive(key)

    def _tag(self, use: str) -> bytes:
        # Suite 1 was frozen before there were others; its tags name no suite.
        suite = "" if self.id is SuiteId.X25519 else f"/{self.id}"
        return f"ggzy-bid/1{suite} {use}\0".encode()
