"""The timestamp authority (RFC 3161) that settings name: asked, and its tokens checked."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from rfc3161_client import TimeStampResponse, VerifierBuilder, decode_timestamp_response

TIMEOUT_SECONDS = 10
MOST_BYTES = 64 * 1024
ID_LENGTH = 64


def ask(query: bytes) -> bytes:
    """Send a query to the authority and return its reply, unchecked."""
    request = urllib.request.Request(  # noqa: S310 - the address comes from settings alone
        settings.TSA_URL,
        data=query,
        headers={"Content-Type": "application/timestamp-query"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310 - as above
        body: bytes = reply.read(MOST_BYTES)
    return body


def verify(token: bytes, *, message: bytes) -> TimeStampResponse:
    """Return the token's content if the authority signed it over this message.

    Raises `rfc3161_client.VerificationError` when it did not, `ValueError` for bytes that are no
    token.
    """
    response = decode_timestamp_response(_as_response(token))
    verifier = VerifierBuilder().add_root_certificate(root()).build()
    verifier.verify_message(response, message)
    return response


def signer(stamp: TimeStampResponse) -> str:
    """Return the name in the certificate that signed a token, for people."""
    (said,) = stamp.signed_data.signer_infos
    for der in stamp.signed_data.certificates:
        found = x509.load_der_x509_certificate(der)
        if found.serial_number == said.serial_number and found.issuer == said.issuer:
            names = found.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
            return str(names[0].value) if names else found.subject.rfc4514_string()
    return ""


def authority() -> str:
    """Name the authority by its host, in the characters an entry of the log allows."""
    return re.sub(r"[^A-Za-z0-9._:-]", "-", urlsplit(settings.TSA_URL).netloc)[:ID_LENGTH]


def root() -> x509.Certificate:
    """Return the authority's root certificate."""
    return x509.load_pem_x509_certificate(Path(settings.TSA_ROOT_FILE).read_bytes())


def _as_response(token: bytes) -> bytes:
    """Wrap a bare token as the reply it came in: DER of a granted status and the token."""
    granted = b"\x30\x03\x02\x01\x00"
    content = granted + token
    length = len(content)
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([0x30, 0x80 | len(size)]) + size + content
