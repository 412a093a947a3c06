"""Who a party is: the one place that seals and reads the tie between a bidder and its name.

Everything else names a bidder by the party's random id (design rule 5; TBL Art. 22: names and
number of bidders are secret before the opening).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from accounts.models import Organisation
from sealing import canonical
from trading.models import Lot, Party

_NONCE = 12
_KEY = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A consortium member as the lead named it."""

    name: str
    credit_code: str
    share_pct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A bidder with its name: only for its own pages, the bank and, after the list, the hall."""

    organisation: UUID
    contact: str
    phone: str
    members: Sequence[Member]


def make(
    *,
    lot: Lot,
    organisation: Organisation,
    contact: str,
    phone: str,
    members: Sequence[Member],
    now: datetime,
) -> Party:
    """Give a firm a party in a lot; IntegrityError on `blind` when it has one."""
    party = Party(id=uuid4(), lot=lot, blind=_blind(lot_id=lot.pk, organisation_id=organisation.pk))
    party.joined_at = now
    party.sealed = _seal(
        {
            "organisation": str(organisation.pk),
            "contact": contact,
            "phone": phone,
            "members": [
                {"name": m.name, "credit_code": m.credit_code, "share_pct": m.share_pct}
                for m in members
            ],
        },
        bound_to=party.pk.bytes,
    )
    party.save(force_insert=True)
    return party


def find(*, lot_id: UUID, organisation_id: UUID) -> Party | None:
    """Return the firm's own party in the lot, if it joined."""
    return Party.objects.filter(
        blind=_blind(lot_id=lot_id, organisation_id=organisation_id)
    ).first()


def find_all(*, lot_ids: Sequence[UUID], organisation_id: UUID) -> dict[UUID, Party]:
    """Return the firm's own parties in these lots, by lot."""
    blinds = [_blind(lot_id=lot_id, organisation_id=organisation_id) for lot_id in lot_ids]
    return {party.lot_id: party for party in Party.objects.filter(blind__in=blinds)}


def of_lot(lot: Lot) -> list[Party]:
    """Return every party of a lot, for acts that must reach all of them."""
    return list(Party.objects.filter(lot=lot).order_by("pk"))


def identify(party: Party) -> Identity:
    """Read who a party is. InvalidTag if the row was tampered with or moved."""
    facts = _open(bytes(party.sealed), bound_to=party.pk.bytes)
    return Identity(
        organisation=UUID(facts["organisation"]),
        contact=facts["contact"],
        phone=facts["phone"],
        members=tuple(Member(**member) for member in facts["members"]),
    )


def seal_note(note: Mapping[str, Any], *, bound_to: UUID) -> bytes:
    """Seal another fact about a bidder (who asked a question) under the same key."""
    return _seal(dict(note), bound_to=bound_to.bytes)


def open_note(sealed: bytes, *, bound_to: UUID) -> dict[str, Any]:
    """Read what `seal_note` sealed."""
    return _open(sealed, bound_to=bound_to.bytes)


def blind_of(subject: UUID, *, organisation_id: UUID) -> bytes:
    """Return the keyed hash by which a firm finds what it did to a subject (took a file)."""
    return hmac.digest(_key("blind"), subject.bytes + organisation_id.bytes, "sha256")


def _seal(facts: dict[str, Any], *, bound_to: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key("seal")).encrypt(nonce, canonical.dumps(facts), bound_to)


def _open(sealed: bytes, *, bound_to: bytes) -> dict[str, Any]:
    plain = AESGCM(_key("seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
    facts: dict[str, Any] = canonical.loads(plain)
    return facts


def _blind(*, lot_id: UUID, organisation_id: UUID) -> bytes:
    return blind_of(lot_id, organisation_id=organisation_id)


def _key(use: str) -> bytes:
    return _derived(use, str(settings.PARTY_KEY_FILE))


@cache
def _derived(use: str, path: str) -> bytes:
    return hmac.digest(_master(Path(path)), f"hengping/{use}".encode(), "sha256")


def _master(path: Path) -> bytes:
    """Read the platform's party key, making it once where it does not exist yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.write_bytes(os.urandom(_KEY))
        fresh.chmod(0o600)
        try:
            os.link(fresh, path)  # only one of several starting processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    key = path.read_bytes()
    if len(key) != _KEY:
        raise ValueError(f"{path} is not a key of {_KEY} bytes")
    return hashlib.sha256(b"hengping-party-key\0" + key).digest()
