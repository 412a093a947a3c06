"""A certificate authority for tests: roots, certificates and revocation lists made in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from accounts.domain import certificates
from accounts.models import Certificate, RevocationList

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2099, 1, 1, tzinfo=UTC)


def _key():
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Holder:
    """Somebody's key and certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self):
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def serial(self):
        return f"{self.certificate.serial_number:X}"

    def sign(self, body, *, purpose="confirm"):
        return certificates.sign(self.key, purpose=purpose, body=body)


@dataclass
class Authority:
    """Issues and revokes; `trust` installs it."""

    name: str = "Test Root"
    key: ec.EllipticCurvePrivateKey = field(default_factory=_key)
    revoked: dict = field(default_factory=dict)

    @property
    def subject(self):
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, self.name)])

    def root(self):
        return (
            self._builder(self.subject, self.key, LONG_AGO, FAR_AHEAD)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def issue(
        self,
        name,
        *,
        credit_code="",
        organisation="",
        not_before,
        days=365,
        signing=True,
        key=None,
    ):
        key = key or _key()
        parts = [x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]
        if organisation:
            parts.append(x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organisation))
        if credit_code:
            parts.append(x509.NameAttribute(x509.NameOID.ORGANIZATION_IDENTIFIER, credit_code))
        usage = _usage(digital_signature=signing, key_agreement=not signing)
        made = (
            self._builder(x509.Name(parts), key, not_before, not_before + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )
        return Holder(key, made)

    def issue_for(self, person, *, not_before, **how):
        """Issue a certificate that names a person and the organisation they act for."""
        membership = person.memberships.filter(organisation__isnull=False).first()
        place = membership.organisation if membership else None
        if place is not None:
            how = {"credit_code": place.credit_code, "organisation": place.name} | how
        return self.issue(person.name, not_before=not_before, **how)

    def revoke(self, holder, *, at):
        self.revoked[holder.certificate.serial_number] = at

    def revocation_list(self, *, at, days=7):
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.subject)
            .last_update(at)
            .next_update(at + timedelta(days=days))
        )
        for serial, when in self.revoked.items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
            )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def trust(self, settings, folder, *, at):
        """Make this the authority the installation trusts, with a current list at hand."""
        path = folder / "root.pem"
        path.write_bytes(self.root().public_bytes(Encoding.PEM))
        settings.CA_ROOT_FILE = str(path)
        settings.CA_URL = "http://127.0.0.1:1"  # nobody answers: what is at hand must do
        self.store_list(at=at)

    def store_list(self, *, at, days=7):
        der = self.revocation_list(at=at, days=days)
        return RevocationList.objects.create(
            issuer=self.subject.rfc4514_string(),
            sha256=hashlib.sha256(der).hexdigest(),
            der=der,
            this_update=at,
            next_update=at + timedelta(days=days),
            fetched_at=at,
        )

    def _builder(self, subject, key, not_before, not_after):
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before)
            .not_valid_after(not_after)
        )


def bound(holder, person, *, now):
    """Bind a certificate without the page, as if it had been done long ago."""
    found = certificates.facts(certificates.read(holder.pem))
    return Certificate.objects.create(
        person=person,
        organisation=None,
        serial=found.serial,
        subject=found.subject,
        issuer=found.issuer,
        fingerprint=found.fingerprint,
        pem=found.pem,
        not_before=found.not_before,
        not_after=found.not_after,
        bound_at=now,
    )


def _usage(**on):
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: on.get(name, False) for name in names})
