"""Signing in and out: the challenge a certificate signs, and the record of who came."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import events
from accounts.domain import certificates
from accounts.models import Challenge, Person
from accounts.services import memberships, signatures
from core.verdicts import Refusal

CHALLENGE_LIFE = timedelta(minutes=5)
LOGIN = "login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a browser presents to sign in by certificate; nonce and origin stand in the body."""

    nonce: str
    origin: str
    session_key: str
    body: bytes
    certificate: str
    signature: str


def challenge(*, origin: str, session_key: str, now: datetime) -> Challenge:
    """Make a number that this browser may sign once within five minutes."""
    return Challenge.objects.create(
        nonce=secrets.token_hex(32),
        purpose=LOGIN,
        origin=origin,
        session_sha=_session_sha(session_key),
        expires_at=now + CHALLENGE_LIFE,
    )


def by_certificate(*, proof: Proof, now: datetime) -> Person:
    """Return the person whose bound certificate signed this browser's challenge."""
    # Used up before the signature is looked at, and kept so: a failed try costs the number.
    fresh = Challenge.objects.filter(
        nonce=proof.nonce,
        purpose=LOGIN,
        origin=proof.origin,
        session_sha=_session_sha(proof.session_key),
        expires_at__gt=now,
        used_at__isnull=True,
    )
    if not fresh.update(used_at=now):
        raise Refusal("A-106")
    if not proof.signature or not proof.certificate:
        raise Refusal("A-201")
    bound, _ = signatures.usable(person=None, certificate=proof.certificate, now=now)
    certificates.check_signature(
        certificates.read(bound.pem),
        purpose=LOGIN,
        body=proof.body,
        signature=proof.signature,
    )
    if not bound.person.is_active:
        raise Refusal("A-203", serial=bound.serial)
    return bound.person


def opened(*, person: Person, how: str, now: datetime) -> None:
    """Record that somebody signed in."""
    _note(person, events.SessionOpened(person=person.id, how=how), now=now)


def closed(*, person: Person, now: datetime) -> None:
    """Record that somebody signed out."""
    _note(person, events.SessionClosed(person=person.id), now=now)


def forget_old_challenges(*, now: datetime) -> int:
    """Delete numbers that can no longer be used."""
    deleted, _ = Challenge.objects.filter(expires_at__lt=now - CHALLENGE_LIFE).delete()
    return deleted


def _note(
    person: Person, event: events.SessionOpened | events.SessionClosed, *, now: datetime
) -> None:
    with transaction.atomic():
        memberships.note(
            person=person,
            event=event,
            staff=memberships.is_staff(person),
            actor=str(person.id),
            now=now,
        )


def _session_sha(session_key: str) -> str:
    return hashlib.sha256(session_key.encode("ascii")).hexdigest()
