"""Accepting a signature: who signed what for which purpose, with a certificate good that day."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from accounts.adapters import authority
from accounts.domain import certificates
from accounts.models import Certificate, Person, RevocationList, Signature
from accounts.services import revocation, veil
from core.verdicts import Refusal

_PEM = "-----BEGIN"
# What a bidder signs before the hour; who signed it must not stand in the database in clear.
VEILED = frozenset({"submit", "withdraw"})


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
    accepted = Signature(id=uuid4(), purpose=purpose, at=now, revocation=listed)
    facts = {
        "person": str(person.pk),
        "certificate": str(bound.pk),
        "body_sha": hashlib.sha256(body).hexdigest(),
        "signature": signature,
    }
    if purpose in VEILED:
        accepted.sealed = veil.seal(facts, bound_to=accepted.pk)
    else:
        _fill(accepted, facts)
    accepted.save(force_insert=True)
    return whole(accepted)


def whole(kept: Signature) -> Signature:
    """Return a signature with its person, certificate and bytes, opening it if it is sealed.

    For looking at: the constraint of the table refuses to save what was opened.
    """
    if kept.sealed is not None:
        _fill(kept, veil.unseal(bytes(kept.sealed), bound_to=kept.pk))
    return kept


def _fill(kept: Signature, facts: dict[str, str]) -> None:
    kept.person_id = UUID(facts["person"])
    kept.certificate_id = UUID(facts["certificate"])
    kept.body_sha, kept.signature = facts["body_sha"], facts["signature"]


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
