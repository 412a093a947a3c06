"""Suite 1: every key, commitment and box of a sealed bid, byte for byte as SPEC.md §2.2."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sealing.encoding import b64u
from sealing.errors import Code, SealingError

SUITE = "1"
SHARE_BYTES = 32
BOX_BYTES = 80
KID_BYTES = 16
KEY_BYTES = 32

BIDDER = "bidder"
HOST = "host"
LABELS = (BIDDER, HOST)

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentKeys:
    """What the two shares yield together."""

    commitment: bytes
    parts: tuple[bytes, ...]


def kid_of(public: bytes) -> bytes:
    """Name a public key."""
    return hashlib.sha256(b"ggzy-bid/1 kid\0" + public).digest()[:KID_BYTES]


def b64_kid(public: bytes) -> str:
    """Name a public key as JSON does."""
    return b64u(kid_of(public))


def commit(share: bytes, *, label: str, ctxh: bytes) -> bytes:
    """Commit to a share in public; hiding because the share is 256 random bits."""
    return hashlib.sha256(b"ggzy-bid/1 commit\0" + label.encode() + b"\0" + ctxh + share).digest()


def box(share: bytes, *, public: bytes, label: str, ctxh: bytes) -> bytes:
    """Box a share to the holder of `public`."""
    try:
        key = X25519PublicKey.from_public_bytes(public)
        return _HPKE.encrypt(share, key, info=_box_info(kid_of(public), label=label, ctxh=ctxh))
    except ValueError as error:
        # An all-zero or low-order public key makes a shared secret that everybody knows.
        raise SealingError(Code.MALFORMED, f"{label} public key is not usable") from error


def unbox(boxed: bytes, *, private: X25519PrivateKey, label: str, ctxh: bytes) -> bytes:
    """Open a box; the caller has compared the kid."""
    kid = kid_of(private.public_key().public_bytes_raw())
    try:
        share = _HPKE.decrypt(boxed, private, info=_box_info(kid, label=label, ctxh=ctxh))
    except (InvalidTag, ValueError) as error:
        raise SealingError(Code.WRONG_KEY, f"the {label} box does not open") from error
    if len(share) != SHARE_BYTES:
        raise SealingError(Code.MALFORMED, f"the {label} box holds {len(share)} bytes")
    return share


def content_keys(*, bidder: bytes, host: bytes, ctxh: bytes, parts: int) -> ContentKeys:
    """Derive the key commitment and the part keys from both shares."""
    cek = hkdf(bidder + host, info=b"ggzy-bid/1 cek\0" + ctxh)
    return ContentKeys(
        commitment=hkdf(cek, info=b"ggzy-bid/1 kc\0" + ctxh),
        parts=tuple(
            hkdf(cek, info=b"ggzy-bid/1 part\0" + index.to_bytes(4, "big") + ctxh)
            for index in range(parts)
        ),
    )


def commit_part(key: bytes, *, index: int, ctxh: bytes) -> bytes:
    """Commit to one part's key, so that it can be published without the others."""
    return hashlib.sha256(
        b"ggzy-bid/1 part-commit\0" + index.to_bytes(4, "big") + ctxh + key
    ).digest()


def hkdf(key: bytes, *, info: bytes, salt: bytes | None = None) -> bytes:
    """HKDF-SHA-256 with 32 bytes of output."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key)


def _box_info(kid: bytes, *, label: str, ctxh: bytes) -> bytes:
    return b"ggzy-bid/1 share\0" + label.encode() + b"\0" + kid + b"\0" + ctxh
