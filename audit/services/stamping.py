"""Have a timestamp authority swear to checkpoints, so that the log's times are not its own word.

A worker does it, never the tick: an authority that does not answer delays the stamp and nothing
else. Each checkpoint that closes a tender is stamped, and beside those the newest one once a
minute; what an outage left out needs no stamp of its own, since the next stamped checkpoint holds
every leaf before it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

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
from audit.services import timestamps
from audit.services.log import enqueue
from sealing.encoding import b64u
from sealing.entries import CheckpointStamped

# Thirty beats of two seconds.
EVERY_TICKS = 30


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
    return timestamps.verify(token, message=note.encode())


def _stamp(checkpoint: Checkpoint, *, now: datetime) -> bool:
    """Fetch, check and keep the stamp of one checkpoint; False when another worker was faster."""
    request = (
        TimestampRequestBuilder()
        .data(checkpoint.note.encode())
        .hash_algorithm(HashAlgorithm.SHA256)
        .build()
    )
    response = decode_timestamp_response(timestamps.ask(request.as_bytes()))
    verifier = VerifierBuilder.from_request(request).add_root_certificate(timestamps.root()).build()
    verifier.verify_message(response, checkpoint.note.encode())
    token = bytes(response.time_stamp_token())
    with transaction.atomic():
        _, fresh = Stamp.objects.get_or_create(
            checkpoint=checkpoint,
            defaults={
                "authority": timestamps.authority(),
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
        "authority": timestamps.authority(),
    }
