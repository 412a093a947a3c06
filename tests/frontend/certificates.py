"""Certificates as the demonstration authority issues them, and the check of a signature."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from sealing.encoding import unb64u

PIN = "246810"


def certificate(clock, *, name: str = "张敏", curve: ec.EllipticCurve | None = None) -> bytes:
    """Make a certificate file the way the demonstration authority issues them."""
    key = ec.generate_private_key(curve or ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "苏州恒筑建设集团有限公司"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(0x1234ABCD5678)
        .not_valid_before(now)
        .not_valid_after(now.replace(year=now.year + 1))
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"demo", key, made, None, BestAvailableEncryption(PIN.encode())
    )


def verify(purpose: str, body: bytes, *, signature: str, pem: str) -> None:
    """Check a signature as the server does."""
    raw = unb64u(signature, length=64)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    message = b"ggzy-sign/1\0" + purpose.encode() + b"\0" + body
    key.verify(der, message, ec.ECDSA(hashes.SHA256()))


def load(page, file: bytes, *, block: str = "[data-hp=sign-block]") -> None:
    """Choose the certificate file and type its PIN."""
    page.set_input_files(
        f"{block} [data-part=file]",
        {"name": "zhang.p12", "mimeType": "application/x-pkcs12", "buffer": file},
    )
    page.fill(f"{block} [data-part=pin]", PIN)
