"""Have witnesses cosign checkpoints, so that the log cannot show different people different pasts.

A worker does it, beside the timestamps and as often: each checkpoint that closes a tender, and the
newest one once a minute. A witness signs forward only: what an outage left out is held by the next
checkpoint it signs. One that says no is written down in the worker's log and asked again.
"""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from django.conf import settings

from audit.models import Checkpoint, Cosignature
from audit.selectors.log import consistency, latest_checkpoint
from sealing.errors import SealingError
from sealing.log import hashes
from sealing.witness import Submission, WitnessKey, verify_cosignature

TIMEOUT_SECONDS = 10
MOST_BYTES = 4096

logger = logging.getLogger(__name__)


def keys() -> dict[str, WitnessKey]:
    """Return the pinned key of each witness that settings name; one without a key is left out."""
    file = Path(settings.WITNESS_KEYS_FILE)
    if not settings.WITNESSES or not file.exists():
        return {}
    found = map(WitnessKey.loads, file.read_text(encoding="utf-8").splitlines())
    return {key.origin: key for key in found if key.origin in settings.WITNESSES}


def cosign_wanted(*, now: datetime) -> int:
    """Ask every witness for what it has not signed; return how many signatures came."""
    return sum(
        _cosign(checkpoint, key=key, now=now)
        for key in keys().values()
        for checkpoint in _wanted(key)
    )


def _wanted(key: WitnessKey) -> list[Checkpoint]:
    """Return the closing checkpoints since the witness's last, and the newest, in their order."""
    since = Checkpoint.objects.filter(size__gt=_last(key))
    newest = latest_checkpoint()
    closing = list(since.filter(must_stamp=True).order_by("size"))
    if newest and newest.size > _last(key) and newest not in closing:
        closing.append(newest)
    return closing


def _last(key: WitnessKey) -> int:
    """Return the size that the witness signed last, as far as we know."""
    signed = Cosignature.objects.filter(witness=key.origin).order_by("-checkpoint_id")
    return signed.values_list("checkpoint_id", flat=True).first() or 0


def _cosign(checkpoint: Checkpoint, *, key: WitnessKey, now: datetime) -> bool:
    """Fetch, check and keep one cosignature; False when there is none to be had now."""
    try:
        status, text = _ask(key.origin, checkpoint, old=_last(key))
        if status == HTTPStatus.CONFLICT and text.strip().isdecimal():
            # Its answer was lost once, or ours: it says where it stands.
            known = int(text)
            if known <= checkpoint.size:
                status, text = _ask(key.origin, checkpoint, old=known)
        if status != HTTPStatus.OK:
            logger.warning("witness %s refused %s: %s", key.origin, checkpoint.size, text.strip())
            return False
        at = verify_cosignature(checkpoint.note + text, witness=key)
    except (OSError, SealingError) as error:
        logger.warning("witness %s did not sign %s: %s", key.origin, checkpoint.size, error)
        return False
    Cosignature.objects.get_or_create(
        checkpoint=checkpoint,
        witness=key.origin,
        defaults={
            "line": text,
            "signed_at": datetime.fromtimestamp(at, UTC),
            "stored_at": now,
        },
    )
    return True


def _ask(name: str, checkpoint: Checkpoint, *, old: int) -> tuple[int, str]:
    path = hashes(consistency(old, checkpoint.size)["path"])
    asked = Submission(old=old, path=path, note=checkpoint.note).dumps()
    request = urllib.request.Request(  # noqa: S310 - the address comes from settings alone
        f"{settings.WITNESSES[name]}/add-checkpoint",
        data=asked.encode(),
        headers={"Content-Type": "text/plain; charset=utf-8"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as reply:  # noqa: S310
            return reply.status, reply.read(MOST_BYTES).decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(MOST_BYTES).decode(errors="replace")
