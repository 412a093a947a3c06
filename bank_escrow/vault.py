"""Names and accounts of payers at rest: AES-256-GCM, one key for each requirement.

The requirement's key lies in its row, wrapped by the house's key; the house's key lies in a file,
so that a copy of the database alone opens nothing. Equality (two bidders paid from one account,
`domain.md` §5.4) is looked up by a keyed hash. Who may ask is decided in `selectors`; this module
only keeps the keys. Not claimed: a person with root on the servers holds file and database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.keyfiles import make_once

# What a binary column holds before and after a round trip.
Blob: TypeAlias = bytes | memoryview

_NONCE = 12
_KEY = 32
# Sealed values come in steps of this many bytes, so that a length does not name a firm.
_STEP = 256


def new_key() -> bytes:
    """Return a fresh key, wrapped."""
    return _seal(_house_key(), AESGCM.generate_key(bit_length=256), context="requirement-key")


def seal(value: Any, *, key: Blob | None, context: str) -> bytes:
    """Encrypt a JSON value under a wrapped key, or the house's own where no lot is known.

    `context` names the place of the value, so that it cannot be moved to another row.
    """
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    padded = body + b" " * (-len(body) % _STEP)
    return _seal(_unwrapped(key), padded, context=context)


def unseal(sealed: Blob, *, key: Blob | None, context: str) -> Any:
    """Return the value that `seal` was given."""
    return json.loads(_open(_unwrapped(key), bytes(sealed), context=context))


def seal_bytes(value: bytes, *, context: str) -> bytes:
    """Encrypt raw bytes under the house's key, as evidence."""
    return _seal(_house_key(), value, context=context)


def unseal_bytes(sealed: Blob, *, context: str) -> bytes:
    """Return the bytes that `seal_bytes` was given."""
    return _open(_house_key(), bytes(sealed), context=context)


def index(text: str, *, key: Blob | None, context: str) -> bytes:
    """Return what equals itself for equal texts under one key and says nothing else."""
    return hmac.digest(_unwrapped(key), f"{context}\0{text}".encode(), hashlib.sha256)


def _seal(key: bytes, value: bytes, *, context: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, context.encode())


def _open(key: bytes, sealed: bytes, *, context: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())


def _unwrapped(key: Blob | None) -> bytes:
    house = _house_key()
    return house if key is None else _open(house, bytes(key), context="requirement-key")


def _house_key() -> bytes:
    return _read(Path(settings.ESCROW_KEY_FILE))


@lru_cache(maxsize=4)
def _read(path: Path) -> bytes:
    if not path.exists():
        if settings.MODE == "city":
            # A key made on the way would lose every payer sealed under the right one.
            raise ImproperlyConfigured(f"the escrow key is missing: {path}")
        make_once(path, secrets.token_hex(_KEY).encode("ascii"))
    key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(key) != _KEY:
        raise ImproperlyConfigured(f"the escrow key is damaged: {path}")
    return key
