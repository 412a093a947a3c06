"""The platform's seal: its key and the certificates that are ours, from the files settings name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts.adapters import authority


def is_set_up() -> bool:
    """Tell whether papers are sealed here: there is a seal, and somebody to timestamp it."""
    files = (settings.SEAL_KEY_FILE, settings.SEAL_CERTIFICATES_FILE)
    return bool(settings.TSA_URL) and all(Path(file).exists() for file in files)


def key() -> EllipticCurvePrivateKey:
    """Return the key, after a look that the first certificate is its own."""
    content = Path(settings.SEAL_KEY_FILE).read_bytes()
    found = serialization.load_pem_private_key(content, password=None)
    if not isinstance(found, EllipticCurvePrivateKey):
        raise ImproperlyConfigured("the seal's key is not on an elliptic curve")
    if found.public_key() != certificates()[0].public_key():
        raise ImproperlyConfigured("the first certificate of the seal is not of its key")
    return found


def certificates() -> Sequence[x509.Certificate]:
    """Return the certificates of our seals: the one in use, then former ones."""
    path = Path(settings.SEAL_CERTIFICATES_FILE)
    if not path.exists():
        return ()
    return _load(path, path.stat().st_mtime_ns)


def between() -> Sequence[x509.Certificate]:
    """Return what stands between our certificate and its root, to go into every seal."""
    return [one for one in authority.trusted() if one.subject != one.issuer]


def holder(certificate: x509.Certificate) -> str:
    """Return the name in a certificate, for people."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


@lru_cache(maxsize=4)
def _load(path: Path, _mtime_ns: int) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
