"""A root of one's own, made once: what the certificate and the timestamp authority share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from simulators.kit.store import write_once

# A story may play in any year, so what signs must be valid in all of them.
FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(2099, 12, 31, tzinfo=UTC)
NO_USE = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": False,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A self-signed authority and where its certificate lies."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    path: Path

    @property
    def pem(self) -> bytes:
        """Return the certificate for those who are to trust it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    """Build a name from its parts, leaving empty ones out and cutting a long common name."""
    return x509.Name(
        [
            x509.NameAttribute(oid, cut(value) if oid == NameOID.COMMON_NAME else value)
            for oid, value in parts
            if value
        ]
    )


def cut(text: str, *, most: int = 64) -> str:
    """Cut to `most` bytes of UTF-8: X.520 bounds a common name, and readers count it in bytes."""
    return text.encode()[:most].decode(errors="ignore")


def usage(**granted: bool) -> x509.KeyUsage:
    """Grant the named key usages and no other."""
    return x509.KeyUsage(**{**NO_USE, **granted})


def key_at(path: Path) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key kept in `path`, made on first use."""
    made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key = serialization.load_pem_private_key(write_once(path, made), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def root_at(folder: Path, *, common_name: str) -> Root:
    """Return the root kept in `folder`, made on first use."""
    key = key_at(folder / "root.key")
    subject = name(
        (NameOID.COUNTRY_NAME, "CN"),
        (NameOID.ORGANIZATION_NAME, "DEMO simulator"),
        (NameOID.COMMON_NAME, common_name),
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FIRST_DAY)
        .not_valid_after(LAST_DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "root.pem"
    kept = write_once(path, certificate.public_bytes(serialization.Encoding.PEM))
    return Root(key=key, certificate=x509.load_pem_x509_certificate(kept), path=path)


def leaf_builder(
    root: Root,
    *,
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    not_before: datetime,
    not_after: datetime,
) -> x509.CertificateBuilder:
    """Begin a certificate under `root` that is no authority itself."""
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.certificate.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(issued_by, critical=False)
    )
