"""The certificate authority: its roots, its revocation list, and demo certificates.

Addresses come from the settings alone. A certificate names its own revocation address; it is
never followed, since whoever presents the certificate wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import httpx
from cryptography import x509
from django.conf import settings

from core.tls import trust

TIMEOUT = httpx.Timeout(3.0)
_LARGEST = 4 * 1024 * 1024


class AuthorityError(Exception):
    """The authority did not answer, or answered with something unusable."""


def trusted() -> Sequence[x509.Certificate]:
    """Return the authorities this installation trusts: roots, and what stands between."""
    path = Path(settings.CA_ROOT_FILE)
    try:
        return _load(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise AuthorityError("no trusted authority is installed") from error


def fetch_revocation_list() -> bytes:
    """Fetch the list, DER."""
    return _call("GET", "/crl").content


def issue(
    *, name: str, person_id: str, organisation: str, credit_code: str, passphrase: str
) -> bytes:
    """Ask the demo authority for a key and certificate as PKCS#12; nothing of it is kept here."""
    subject = {"cn": name, "person_id": person_id}
    if organisation:
        subject |= {"organisation": organisation, "credit_code": credit_code}
    wanted = {"subject": subject, "kind": "person", "passphrase": passphrase}
    return _call("POST", "/issue", json=wanted).content


def _call(method: str, path: str, **how: object) -> httpx.Response:
    try:
        with httpx.Client(
            base_url=settings.CA_URL, timeout=TIMEOUT, trust_env=False, verify=trust()
        ) as client:
            answer = client.request(method, path, **how)  # type: ignore[arg-type]  # httpx's own keywords
            answer.raise_for_status()
    except httpx.HTTPError as error:
        raise AuthorityError(type(error).__name__) from error
    if len(answer.content) > _LARGEST:
        raise AuthorityError("answer too large")
    return answer


@lru_cache(maxsize=4)
def _load(path: Path, _mtime_ns: int) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
