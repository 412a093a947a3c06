"""Boxes by SM2 public-key encryption (GB/T 32918.4), C1C3C2 in ASN.1 (GB/T 35276).

SM2 has no associated data: what a box is for is hashed into its plaintext, which C3 protects.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from sealing.suites import openssl
from sealing.suites.base import SECRET_BYTES, SHARE_BYTES, Random

COORDINATE_BYTES = 32
HASH_BYTES = 32
PLAIN_BYTES = SHARE_BYTES + HASH_BYTES
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123

_UNCOMPRESSED = 0x04
_SEQUENCE, _INTEGER, _OCTETS = 0x30, 0x02, 0x04
_LONG_FORM = 0x81
_SHORT_LIMIT = 0x80


class Sm2Kem:
    """SM2 encryption of a share and of the hash that says what it is for."""

    public_bytes = 1 + 2 * COORDINATE_BYTES

    def __init__(self, *, digest: Callable[[bytes], bytes]) -> None:
        self._digest = digest

    def generate(self, random: Random) -> bytes:
        """Draw a secret from 1 to n - 2."""
        while True:
            secret = random(SECRET_BYTES)
            if 1 <= int.from_bytes(secret, "big") <= ORDER - 2:
                return secret

    def public_of(self, secret: bytes) -> bytes:
        """Derive the public key, an uncompressed point."""
        if not 1 <= int.from_bytes(secret, "big") <= ORDER - 2:
            raise ValueError("not a secret of this curve")
        return openssl.public_of(secret)

    def is_box(self, boxed: bytes) -> bool:
        """Tell by the ASN.1, of which only one spelling is accepted."""
        try:
            read_box(boxed)
        except ValueError:
            return False
        return True

    def seal(self, share: bytes, *, public: bytes, info: bytes) -> bytes:
        """Box a share."""
        if len(public) != self.public_bytes or public[0] != _UNCOMPRESSED:
            raise ValueError("not an uncompressed point")
        return openssl.encrypt(share + self._digest(info), public=public)

    def open(self, boxed: bytes, *, secret: bytes, info: bytes) -> bytes:
        """Open a box and compare what it says it is for."""
        read_box(boxed)
        plain = openssl.decrypt(boxed, secret=secret)
        share, purpose = plain[:-HASH_BYTES], plain[-HASH_BYTES:]
        if not hmac.compare_digest(purpose, self._digest(info)):
            raise ValueError("a box for something else")
        return share


def read_box(boxed: bytes) -> tuple[int, int, bytes, bytes]:
    """Read x, y, C3 and C2; any other spelling of them than `write_box`'s is a ValueError."""
    body, _ = _take(boxed, _SEQUENCE)
    x, body = _take(body, _INTEGER)
    y, body = _take(body, _INTEGER)
    c3, body = _take(body, _OCTETS)
    c2, _ = _take(body, _OCTETS)
    point = int.from_bytes(x, "big"), int.from_bytes(y, "big")
    if len(c3) != HASH_BYTES or len(c2) != PLAIN_BYTES:
        raise ValueError("not the parts of a box")
    # What follows the parts, inside or behind, is not spelled again either.
    if max(point).bit_length() > 8 * COORDINATE_BYTES or write_box(*point, c3, c2) != boxed:
        raise ValueError("not the one spelling of a box")
    return (*point, c3, c2)


def write_box(x: int, y: int, c3: bytes, c2: bytes) -> bytes:
    """Spell a box in DER."""
    return _put(
        _SEQUENCE,
        _put(_INTEGER, _unsigned(x))
        + _put(_INTEGER, _unsigned(y))
        + _put(_OCTETS, c3)
        + _put(_OCTETS, c2),
    )


def _unsigned(value: int) -> bytes:
    # One bit more than the number needs keeps it from being read as negative.
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _put(tag: int, value: bytes) -> bytes:
    long = [_LONG_FORM] if len(value) >= _SHORT_LIMIT else []
    return bytes([tag, *long, len(value)]) + value


def _take(data: bytes, tag: int) -> tuple[bytes, bytes]:
    at = 2 if data[1:2] == bytes([_LONG_FORM]) else 1
    end = at + 1 + int.from_bytes(data[at : at + 1], "big")
    if data[:1] != bytes([tag]) or len(data) < end:
        raise ValueError("not the parts of a box")
    return data[at + 1 : end], data[end:]
