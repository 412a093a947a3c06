"""The veil over who takes part: the platform's key, and all that is sealed or hashed under it.

Before the hour nothing the database holds may lead from a firm or a person to a tender it takes
part in (TBL Art. 22: names and number of those who took documents or bid are secret). Whatever
has to tie the two is sealed here, is a keyed hash made here, or is not kept. The key lies outside
the database: without it a dump tells nothing, with it evidence names who did what.

What a seal is bound to keeps it from being moved to another row unnoticed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.keyfiles import make_once
from sealing import canonical
from sealing.encoding import b64u, unb64u

_NONCE = 12
_KEY = 32
_MARK = "veiled:"


def seal(facts: Mapping[str, Any], *, bound_to: UUID) -> bytes:
    """Seal facts that belong to one row."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key("seal")).encrypt(nonce, canonical.dumps(dict(facts)), bound_to.bytes)


def unseal(sealed: bytes, *, bound_to: UUID) -> dict[str, Any]:
    """Read what `seal` sealed; InvalidTag if the row was tampered with, cut or moved."""
    if len(sealed) < _NONCE:
        raise InvalidTag
    plain = AESGCM(_key("seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.bytes)
    facts: dict[str, Any] = canonical.loads(plain)
    return facts


def lock(secret: bytes, *, of: UUID) -> bytes:
    """Seal a random secret of somebody's in no more than 16 bytes above its own length.

    Without a nonce (RFC 5297): the same secret never comes twice, and columns of others are short.
    """
    return AESSIV(_key("secret")).encrypt(secret, [of.bytes])


def unlock(locked: bytes, *, of: UUID) -> bytes:
    """Read what `lock` sealed; InvalidTag if it is another's."""
    return AESSIV(_key("secret")).decrypt(locked, [of.bytes])


def blind(subject: UUID, *, who: UUID, use: str = "blind") -> bytes:
    """Return the keyed hash by which somebody finds what is theirs in a subject."""
    return hmac.digest(_key(use), subject.bytes + who.bytes, "sha256")


def fingerprint(body: bytes) -> bytes:
    """Return a keyed hash of an act's body; a plain one would confirm a guess at the body."""
    return hmac.digest(_key("body"), body, "sha256")


def mask(person: UUID, *, within: UUID) -> str:
    """Name a person by a word that is always the same within one subject and tells nothing.

    A synthetic nonce (RFC 5297) makes it so without a table; within another subject the same
    person has another word, so that no two can be laid side by side.
    """
    word = AESSIV(_key("actor")).encrypt(person.bytes, [within.bytes])
    return _MARK + b64u(word)


def unmask(actor: str, *, within: UUID) -> str:
    """Return the person's id behind a word; any other actor stays as it is."""
    if not actor.startswith(_MARK):
        return actor
    word = unb64u(actor.removeprefix(_MARK))
    try:
        return str(UUID(bytes=AESSIV(_key("actor")).decrypt(word, [within.bytes])))
    except InvalidTag:  # made within another subject
        return actor


def _key(use: str) -> bytes:
    return _derived(use, str(settings.PARTY_KEY_FILE))


@cache
def _derived(use: str, path: str) -> bytes:
    return hmac.digest(_master(Path(path)), f"hengping/{use}".encode(), "sha256")


def _master(path: Path) -> bytes:
    """Read the platform's party key; outside a city it is made where it does not exist yet."""
    if not path.exists():
        if settings.MODE == "city":
            # A key made on the way would lose everybody sealed under the right one.
            raise ImproperlyConfigured(f"the party key is missing: {path}")
        make_once(path, os.urandom(_KEY))
    key = path.read_bytes()
    if len(key) != _KEY:
        raise ImproperlyConfigured(f"{path} is not a key of {_KEY} bytes")
    return hashlib.sha256(b"hengping-party-key\0" + key).digest()
