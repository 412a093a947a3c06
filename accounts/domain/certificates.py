"""What a signing certificate must be, and what a signature over an act must say.

Path validation follows the trap that `cryptography`'s default policy is written for web servers:
a person's signing certificate carries no host name, so the leaf is held to its key usage instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from core.verdicts import Refusal
from sealing.encoding import b64u, unb64u
from sealing.errors import SealingError

CONTEXT = b"ggzy-sign/1"
PURPOSES = frozenset(
    {
        "login",
        "submit",
        "withdraw",
        "release",
        "host-release",
        "publish",
        "approve",
        "confirm",
        "objection",
        "award",
        "sign-record",
        "report",
        "contract",
        "refund",
    }
)
_HALF = 32  # bytes of r and of s on P-256


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the platform keeps of a certificate."""

    serial: str
    subject: str
    issuer: str
    common_name: str
    organisation_code: str
    fingerprint: str
    pem: str
    not_before: datetime
    not_after: datetime


def read(text: str) -> x509.Certificate:
    """Parse a PEM certificate with a P-256 key; refuse anything else."""
    try:
        found = x509.load_pem_x509_certificate(text.strip().encode("ascii"))
        key = found.public_key()
    except (ValueError, TypeError):
        raise Refusal("A-208") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Refusal("A-208")
    return found


def facts(certificate: x509.Certificate) -> Facts:
    """Return what is kept of a certificate."""
    name = certificate.subject
    return Facts(
        serial=f"{certificate.serial_number:X}",
        subject=name.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        common_name=_one(name, x509.NameOID.COMMON_NAME),
        organisation_code=_one(name, x509.NameOID.ORGANIZATION_IDENTIFIER),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        pem=certificate.public_bytes(Encoding.PEM).decode("ascii"),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def validate(
    certificate: x509.Certificate, *, trusted: Sequence[x509.Certificate], now: datetime
) -> None:
    """Refuse a certificate outside its term, or with no path to a trusted root."""
    not_before, not_after = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not not_before <= now <= not_after:
        raise Refusal("A-205", not_before=not_before, not_after=not_after)
    roots = [item for item in trusted if item.subject == item.issuer]
    between = [item for item in trusted if item.subject != item.issuer]
    if not roots:
        raise Refusal("A-204")
    verifier = (
        PolicyBuilder()
        .store(Store(roots))
        .time(now)
        .extension_policies(ca_policy=_authorities(), ee_policy=_signers())
        .build_client_verifier()
    )
    try:
        verifier.verify(certificate, between)
    except VerificationError:
        raise Refusal("A-204") from None


def check_revocation(certificate: x509.Certificate, *, revoked: bytes) -> None:
    """Refuse a certificate that the authority's list (DER) names."""
    listed = x509.load_der_x509_crl(revoked).get_revoked_certificate_by_serial_number(
        certificate.serial_number
    )
    if listed is not None:
        raise Refusal("A-206", revoked_at=listed.revocation_date_utc)


def message(*, purpose: str, body: bytes) -> bytes:
    """Return the bytes that are signed; the purpose keeps one act's signature off another."""
    if purpose not in PURPOSES:
        raise ValueError(f"unknown purpose {purpose!r}")
    return CONTEXT + b"\0" + purpose.encode("ascii") + b"\0" + body


def check_signature(
    certificate: x509.Certificate, *, purpose: str, body: bytes, signature: str
) -> None:
    """Refuse a signature (r and s, 32 bytes each, base64url) that is not over this act."""
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        raw = unb64u(signature)
        if len(raw) != 2 * _HALF:
            raise Refusal("A-202")
        r, s = int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:])
        key.verify(
            utils.encode_dss_signature(r, s),
            message(purpose=purpose, body=body),
            ec.ECDSA(hashes.SHA256()),
        )
    except (InvalidSignature, ValueError, SealingError):
        raise Refusal("A-202") from None


def sign(key: ec.EllipticCurvePrivateKey, *, purpose: str, body: bytes) -> str:
    """Sign an act as a browser does; for programs that drive the platform, and for tests."""
    made = key.sign(message(purpose=purpose, body=body), ec.ECDSA(hashes.SHA256()))
    r, s = utils.decode_dss_signature(made)
    return b64u(r.to_bytes(_HALF) + s.to_bytes(_HALF))


def _one(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _authorities() -> ExtensionPolicy:
    return ExtensionPolicy.permit_all().require_present(
        x509.BasicConstraints, Criticality.AGNOSTIC, _is_authority
    )


def _signers() -> ExtensionPolicy:
    return ExtensionPolicy.permit_all().require_present(
        x509.KeyUsage, Criticality.AGNOSTIC, _may_sign
    )


def _is_authority(_: Policy, __: x509.Certificate, extension: x509.BasicConstraints) -> None:
    if not extension.ca:
        raise ValueError("not an authority")


def _may_sign(_: Policy, __: x509.Certificate, extension: x509.KeyUsage) -> None:
    if not extension.digital_signature:
        raise ValueError("not for signing")
