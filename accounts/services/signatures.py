"""Accepting a signature: who signed what for which purpose, with a certificate good that day."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag

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
    accepted.body = veil.seal({"body": body.decode()}, bound_to=accepted.pk)
    accepted.save(force_insert=True)
    return whole(accepted)


def holds(kept: Signature) -> bool:
    """Check a kept signature again, by what is kept alone.

    Its own body under its own certificate, within that one's term and the authority's revocation
    list of that day. False also where a row was altered.
    """
    try:
        found = whole(kept)
        body = signed_body(found)
        held = found.certificate
        if held is None:
            return False
        certificate = certificates.read(held.pem)
        certificates.check_signature(
            certificate, purpose=found.purpose, body=body, signature=found.signature
        )
        certificates.validate(certificate, trusted=authority.trusted(), now=found.at)
        certificates.check_revocation(certificate, revoked=bytes(found.revocation.der))
    except (Refusal, InvalidTag, KeyError, Certificate.DoesNotExist):
        return False
    return held.person_id == found.person_id and hashlib.sha256(body).hexdigest() == found.body_sha


def signed_body(kept: Signature) -> bytes:
    """Return the canonical body that was signed; InvalidTag if it is another's."""
    body: str = veil.unseal(bytes(kept.body or b""), bound_to=kept.pk)["body"]
    return body.encode()


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
