"""HMAC over key, time, nonce, place and body, for both directions of the open-api dialect."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simulators.kit.server import Request
from simulators.kit.store import Store, write_once

SCHEMA = """
CREATE TABLE IF NOT EXISTS nonces (nonce TEXT PRIMARY KEY, seen_at INTEGER NOT NULL) STRICT;
"""

WINDOW_SECONDS = 300
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class UnsignedError(Exception):
    """A request nobody vouches for; the argument is the code of the refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One shared secret and its id."""

    id: str
    secret: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The live keys of both sides: the first signs, all verify."""

    platform: tuple[Key, ...]
    bank: tuple[Key, ...]

    @classmethod
    def at(cls, path: Path, *, title: str) -> Keyring:
        """Read the key file, making it on the bank's first day."""
        fresh = {
            "simulator": title,
            "platform": [{"id": "platform-1", "secret": secrets.token_hex(32)}],
            "bank": [{"id": "bank-1", "secret": secrets.token_hex(32)}],
        }
        found = json.loads(
            write_once(path, json.dumps(fresh, ensure_ascii=False, indent=1).encode())
        )
        return cls(
            platform=tuple(
                Key(id=key["id"], secret=bytes.fromhex(key["secret"])) for key in found["platform"]
            ),
            bank=tuple(
                Key(id=key["id"], secret=bytes.fromhex(key["secret"])) for key in found["bank"]
            ),
        )


def headers(
    key: Key, *, kind: str, place: tuple[str, str], body: bytes, nonce: str
) -> Mapping[str, str]:
    """Sign a message of `kind`; `place` is (method, target), or (status, target) in an answer."""
    moment = str(int(time.time()))
    return {
        "X-Bank-Key": key.id,
        "X-Bank-Time": moment,
        "X-Bank-Nonce": nonce,
        "X-Bank-Signature": _mac(key, (kind, key.id, moment, nonce, *place), body),
    }


def usable_nonce(request: Request) -> str:
    """Return the request's nonce for its answer, or `-` where it is none."""
    nonce = request.headers.get("x-bank-nonce", "")
    return nonce if NONCE.fullmatch(nonce) else "-"


def verify(request: Request, *, keys: tuple[Key, ...], store: Store) -> None:
    """Accept a request once, fresh and signed by a live key, or raise `UnsignedError`."""
    given = request.headers
    moment, nonce = given.get("x-bank-time", ""), usable_nonce(request)
    key = next((key for key in keys if key.id == given.get("x-bank-key")), None)
    if key is None:
        raise UnsignedError("UNKNOWN_KEY")
    parts = ("bank-request/1", key.id, moment, nonce, request.method, request.target)
    expected = _mac(key, parts, request.body)
    signature = given.get("x-bank-signature", "").encode("latin-1", "replace")
    if nonce == "-" or not hmac.compare_digest(expected.encode(), signature):
        raise UnsignedError("BAD_SIGNATURE")
    present = int(time.time())
    if not re.fullmatch(r"[0-9]{1,12}", moment) or abs(present - int(moment)) > WINDOW_SECONDS:
        raise UnsignedError("STALE")
    # Only nonces of authentic, fresh requests are kept: nobody without the key can fill the table.
    with store.transaction() as connection:
        connection.execute("DELETE FROM nonces WHERE seen_at < ?", (present - 2 * WINDOW_SECONDS,))
        fresh = connection.execute(
            "INSERT OR IGNORE INTO nonces VALUES (?, ?)", (nonce, present)
        ).rowcount
    if not fresh:
        raise UnsignedError("REPLAYED")


def _mac(key: Key, parts: tuple[str, ...], body: bytes) -> str:
    head = "".join(part + "\n" for part in parts).encode("latin-1", "replace")
    return hmac.new(key.secret, head + body, hashlib.sha256).hexdigest()
