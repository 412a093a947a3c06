"""Binding certificates to people, and demo certificates from the simulated authority."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts import events
from accounts.adapters import authority
from accounts.domain import certificates
from accounts.models import Certificate, Organisation, Person
from accounts.services import memberships, signatures
from core.verdicts import Refusal


def bind(
    *,
    person: Person,
    organisation: Organisation | None,
    pem: str,
    body: bytes,
    signature: str,
    now: datetime,
) -> Certificate:
    """Bind a certificate to a person who signs this very act with its key.

    It must name the person, or be the seal certificate of the organisation they act for; where
    it carries a credit code at all, it must be that organisation's.
    """
    parsed = certificates.read(pem)
    signatures.judge(pem, now=now)
    certificates.check_signature(parsed, purpose="confirm", body=body, signature=signature)
    found = certificates.facts(parsed)
    if not _is_theirs(found, person=person, organisation=organisation):
        raise Refusal("A-209")
    try:
        with transaction.atomic():
            bound = Certificate.objects.create(
                person=person,
                organisation=organisation if found.organisation_code else None,
                serial=found.serial,
                subject=found.subject,
                issuer=found.issuer,
                fingerprint=found.fingerprint,
                pem=found.pem,
                not_before=found.not_before,
                not_after=found.not_after,
                bound_at=now,
            )
            _note(bound, events.CertificateBound, now=now)
    except IntegrityError:
        raise Refusal("A-209") from None
    return bound


def release(*, certificate: Certificate, now: datetime) -> None:
    """Stop using a certificate; a second time changes nothing."""
    with transaction.atomic():
        held = Certificate.objects.filter(pk=certificate.pk, released_at__isnull=True)
        if held.update(released_at=now):
            _note(certificate, events.CertificateReleased, now=now)


def request_demo(*, person: Person, organisation: Organisation | None, passphrase: str) -> bytes:
    """Fetch a demo key and certificate as PKCS#12; neither it nor the passphrase is kept."""
    try:
        return authority.issue(
            name=person.name,
            person_id=str(person.id),
            organisation=organisation.name if organisation else "",
            credit_code=organisation.credit_code if organisation else "",
            passphrase=passphrase,
        )
    except authority.AuthorityError:
        raise Refusal("A-210") from None


def _is_theirs(
    found: certificates.Facts, *, person: Person, organisation: Organisation | None
) -> bool:
    if not found.organisation_code:
        return found.common_name == person.name
    if organisation is None or found.organisation_code != organisation.credit_code:
        return False
    return found.common_name in {person.name, organisation.name}


def _note(
    certificate: Certificate,
    kind: type[events.CertificateBound | events.CertificateReleased],
    *,
    now: datetime,
) -> None:
    person = certificate.person
    event = kind(person=person.id, serial=certificate.serial, fingerprint=certificate.fingerprint)
    staff = memberships.is_staff(person)
    memberships.note(person=person, event=event, staff=staff, actor=str(person.id), now=now)
