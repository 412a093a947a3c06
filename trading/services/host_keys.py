"""Register the host key's public half, and prove that two of its three files re-load.

The key is made, split and tested on the tenderer's side; the server holds nothing secret of it
(sealing design §5.3 step 0). The test is a box made for the public key: only who holds two files
can say what is in it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from accounts.models import Person
from audit.services import record
from core.verdicts import Refusal
from sealing import suites
from sealing.encoding import b64u, unb64u
from sealing.errors import SealingError
from sealing.suites.openssl import NoOpenssl
from trading.events.tenders import HostKeyRegistered, HostKeyTested
from trading.models import HostKey, Tender
from trading.selectors.streams import tender_staff

HOLDERS = 3
_CHALLENGE = b"hengping/host-key-test\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A box for the host key; the answer is the share inside, as a released share."""

    box: str
    context: str  # b64u of the 32-byte ctxh the box is bound to


def register(
    *,
    tender: Tender,
    kid: str,
    public_key: str,
    holders: Sequence[Mapping[str, Any]],
    person: Person,
    now: datetime,
    suite: str = suites.DEFAULT.id,
) -> tuple[HostKey, Challenge]:
    """Register or replace the key of a draft; the test starts again with every new key.

    The tender's bids are sealed with the suite of its host key and with no other.
    """
    if Tender.objects.select_for_update().get(pk=tender.pk).state != "DRAFT":
        raise Refusal("T-020")
    names = [str(holder.get("name", "")).strip() for holder in holders]
    if len(holders) != HOLDERS or len(set(names)) != HOLDERS or "" in names:
        raise Refusal("K-011")
    try:
        chosen = suites.of(suite)
        public = unb64u(public_key, length=chosen.kem.public_bytes)
    except SealingError:
        raise Refusal("K-010") from None
    if chosen.b64_kid(public) != kid:
        raise Refusal("K-010")
    facts = {
        "kid": kid,
        "suite": suite,
        "public_key": public_key,
        "holders": [dict(holder) for holder in holders],
        "registered_at": now,
    }
    key, _ = HostKey.objects.update_or_create(
        tender=tender,
        defaults={**facts, "tested_at": None},
        create_defaults={"id": uuid4(), **facts},
    )
    record(
        stream=tender_staff(tender),
        event=HostKeyRegistered(kid=kid, suite=suite, holders=names),
        actor=str(person.pk),
        now=now,
    )
    return key, challenge(key)


def challenge(key: HostKey) -> Challenge:
    """Make a fresh test box; only a hash of what it holds is kept."""
    secret = os.urandom(suites.SHARE_BYTES)
    context = hashlib.sha256(_CHALLENGE + key.pk.bytes).digest()
    box = _boxed(key, secret, context)
    key.challenge = hashlib.sha256(_CHALLENGE + secret).hexdigest()
    key.save(update_fields=["challenge"])
    return Challenge(box=b64u(box), context=b64u(context))


def _boxed(key: HostKey, secret: bytes, context: bytes) -> bytes:
    try:
        return key.algorithms.box(
            secret, public=unb64u(key.public_key), label=suites.HOST, ctxh=context
        )
    except SealingError:
        # Of the right length, and yet no key: nobody, or everybody, could open a box for it.
        raise Refusal("K-010") from None
    except NoOpenssl:
        raise Refusal("K-013") from None


def answer(*, tender: Tender, secret: str, person: Person, now: datetime) -> HostKey:
    """Take the test's answer: before publication, and again in the last day before the hour."""
    key = HostKey.objects.select_for_update().get(tender=tender)
    try:
        given = hashlib.sha256(_CHALLENGE + unb64u(secret, length=suites.SHARE_BYTES)).hexdigest()
    except SealingError:
        raise Refusal("K-012") from None
    if not key.challenge or not hmac.compare_digest(given, key.challenge):
        raise Refusal("K-012")
    key.challenge = ""
    if key.tested_at is None:
        key.tested_at = now
    else:
        key.retested_at = now
    key.save(update_fields=["challenge", "tested_at", "retested_at"])
    record(
        stream=tender_staff(tender),
        event=HostKeyTested(kid=key.kid),
        actor=str(person.pk),
        now=now,
    )
    return key
