"""Base64url without padding, strictly: one spelling for each byte string."""

from __future__ import annotations

import base64
import binascii
import re

from sealing.errors import Code, SealingError

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*\Z")


def b64u(data: bytes) -> str:
    """Spell `data` in base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: str, *, length: int | None = None) -> bytes:
    """Read what `b64u` wrote; refuse padding, other alphabets, stray bits and other lengths."""
    if not _ALPHABET.match(text):
        raise SealingError(Code.MALFORMED, "not base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise SealingError(Code.MALFORMED, "not base64url") from error
    # The last character may carry bits that belong to no byte: two spellings, one value.
    if b64u(data) != text:
        raise SealingError(Code.MALFORMED, "base64url with stray bits")
    if length is not None and len(data) != length:
        raise SealingError(Code.MALFORMED, f"{len(data)} bytes where {length} are needed")
    return data
