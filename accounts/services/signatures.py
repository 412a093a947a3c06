"""Accepting a signature: who signed what for which purpose, with a certificate good that day."""

from __future__ import annotations

import hashlib
from datetime import datetime

from accounts.adapters import authority
from accounts.domain import certificates
from accounts.models import Certificate, Person, RevocationList, Signature
from accounts.services import revocation
from core.verdicts import Refusal

_PEM = "-----BEGIN"


def accept(
    *, person: Person, purpose: str, body: bytes, signature: str, certificate: str, now: datetime
) -> Signature:
    """Check a signature over an act and keep it with all that is needed to check it again.

    `certificate` is the PEM text or the serial of a certificate the person has bound. Kept with
    it is the revocation list it was judged by: a certificate revoked tomorrow was good today.
    """
    if not signature or not certificate:
        raise Refusal("A-201")
    bound, listed = usable(person=person, certificate=certificate, now=now)
    certificates.check_signature(
        certificates.read(bound.pem), purpose=purpose, body=body, signature=signature
    )
    return Signature.objects.create(
        purpose=purpose,
        person=person,
        certificate=bound,
        body_sha=hashlib.sha256(body).hexdigest(),
        signature=signature,
        at=now,
        revocation=listed,
    )


def usable(
    *, person: Person | None, certificate: str, now: datetime
) -> tuple[Certificate, RevocationList]:
    """Return a bound certificate that may be used now, and the list that does not name it.

    Without `person` it may be anybody's: that is how a sign-in finds out whose it is.
    """
    listed: RevocationList | None
    presented = certificates.read(certificate) if certificate.startswith(_PEM) else None
    if presented is not None:
        # The certificate itself is judged before its owner: a stranger's answer tells nothing.
        listed = judge(certificate, now=now)
        bound = _find(person, fingerprint=certificates.facts(presented).fingerprint)
    else:
        bound = _find(person, serial=certificate.strip().upper())
        listed = judge(bound.pem, now=now) if bound else None
    if bound is None or listed is None:
        shown = certificates.facts(presented).serial if presented else certificate.strip()[:50]
        raise Refusal("A-203", serial=shown)
    return bound, listed


def judge(pem: str, *, now: datetime) -> RevocationList:
    """Refuse a certificate that is foreign, out of term or revoked; return the list judged by."""
    parsed = certificates.read(pem)
    try:
        trusted = authority.trusted()
    except authority.AuthorityError:
        raise Refusal("A-204") from None
    certificates.validate(parsed, trusted=trusted, now=now)
    listed = revocation.current(now=now)
    certificates.check_revocation(parsed, revoked=bytes(listed.der))
    return listed


def _find(person: Person | None, **which: str) -> Certificate | None:
    rows = Certificate.objects.filter(released_at__isnull=True, **which)
    if person is not None:
        rows = rows.filter(person=person)
    return rows.select_related("person").first()
