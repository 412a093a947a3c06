"""Have a timestamp authority swear to checkpoints, so that the log's times are not its own word.

A worker does it, never the tick: an authority that does not answer delays the stamp and nothing
else. Each checkpoint that closes a tender is stamped, and beside those the newest one once a
minute; what an outage left out needs no stamp of its own, since the next stamped checkpoint holds
every leaf before it.
"""

from __future__ import annotations

import hashlib
import re
import urllib.request
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.db import transaction
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerifierBuilder,
    decode_timestamp_response,
)

from audit.models import Checkpoint, Stamp
from audit.selectors.log import latest_checkpoint
from audit.services.log import enqueue
from sealing.encoding import b64u
from sealing.entries import CheckpointStamped

# Thirty beats of two seconds.
EVERY_TICKS = 30
TIMEOUT_SECONDS = 10
MOST_BYTES = 64 * 1024
ID_LENGTH = 64


def is_due(checkpoint: Checkpoint) -> bool:
    """Whether others should be asked for their word now that this checkpoint is made."""
    return checkpoint.must_stamp or checkpoint.size % EVERY_TICKS == 0


def stamp_wanted(*, now: datetime) -> int:
    """Stamp the newest checkpoint and every closing one that lacks it; return how many."""
    wanted = list(Checkpoint.objects.filter(must_stamp=True, stamp=None).order_by("size"))
    newest = latest_checkpoint()
    if newest and not newest.must_stamp and not Stamp.objects.filter(checkpoint=newest).exists():
        wanted.append(newest)
    return sum(_stamp(checkpoint, now=now) for checkpoint in wanted)


def verify_token(token: bytes, *, note: str) -> TimeStampResponse:
    """Return the token's content if the authority signed it over this checkpoint.

    Raises `rfc3161_client.VerificationError` when it did not, `ValueError` for bytes that are no
    token.
    """
    response = decode_timestamp_response(_as_response(token))
    verifier = VerifierBuilder().add_root_certificate(_root()).build()
    verifier.verify_message(response, note.encode())
    return response


def _stamp(checkpoint: Checkpoint, *, now: datetime) -> bool:
    """Fetch, check and keep the stamp of one checkpoint; False when another worker was faster."""
    request = (
        TimestampRequestBuilder()
        .data(checkpoint.note.encode())
        .hash_algorithm(HashAlgorithm.SHA256)
        .build()
    )
    response = decode_timestamp_response(_ask_authority(request.as_bytes()))
    verifier = VerifierBuilder.from_request(request).add_root_certificate(_root()).build()
    verifier.verify_message(response, checkpoint.note.encode())
    token = bytes(response.time_stamp_token())
    with transaction.atomic():
        _, fresh = Stamp.objects.get_or_create(
            checkpoint=checkpoint,
            defaults={
                "authority": _authority(),
                "token": token,
                "stamped_at": response.tst_info.gen_time,
                "stored_at": now,
            },
        )
        if fresh:
            enqueue(kind=CheckpointStamped.kind, entry=_entry(checkpoint, token), now=now)
    return fresh


def _entry(checkpoint: Checkpoint, token: bytes) -> dict[str, object]:
    return {
        "size": checkpoint.size,
        "root": b64u(bytes(checkpoint.root)),
        "token_sha256": b64u(hashlib.sha256(token).digest()),
        "authority": _authority(),
    }


def _authority() -> str:
    """Name the authority by its host, in the characters an entry allows."""
    return re.sub(r"[^A-Za-z0-9._:-]", "-", urlsplit(settings.TSA_URL).netloc)[:ID_LENGTH]


def _root() -> x509.Certificate:
    return x509.load_pem_x509_certificate(Path(settings.TSA_ROOT_FILE).read_bytes())


def _ask_authority(query: bytes) -> bytes:
    request = urllib.request.Request(  # noqa: S310 - the address comes from settings alone
        settings.TSA_URL,
        data=query,
        headers={"Content-Type": "application/timestamp-query"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310 - as above
        body: bytes = reply.read(MOST_BYTES)
    return body


def _as_response(token: bytes) -> bytes:
    """Wrap a bare token as the reply it came in: DER of a granted status and the token."""
    granted = b"\x30\x03\x02\x01\x00"
    content = granted + token
    length = len(content)
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([0x30, 0x80 | len(size)]) + size + content
