"""Resumable uploads of sealed bytes: each piece is stored before its offset is granted.

A piece is an object of its own in the sealed storage, so that a folder and an S3-compatible store
work alike and a killed process leaves either the old offset or the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction

from core.verdicts import Refusal
from trading.models import Lot, Party, Upload
from trading.policies.bids import is_open

MAX_BYTES = 2_147_483_648 + 2 * 1_048_576  # the package limit of sealing/SPEC.md §3.1, and framing
MAX_PIECE = 4 * 1_048_576
KEEP_UNFINISHED = timedelta(hours=48)


def sealed_storage() -> Storage:
    """Return where ciphertext lies."""
    return storages["sealed"]


def begin(*, party: Party, lot: Lot, length: int, now: datetime) -> Upload:
    """Open an upload of `length` bytes for a party of an open lot."""
    is_open(lot=lot, now=now).or_raise()
    if not 0 < length <= MAX_BYTES:
        raise Refusal("B-030", size=length)
    upload = Upload(id=uuid4(), party=party, length=length, created_at=now, touched_at=now)
    upload.file = f"uploads/{upload.pk}"
    upload.save(force_insert=True)
    return upload


def append(*, upload_id: UUID, offset: int, piece: bytes, now: datetime) -> int:
    """Store the piece at `offset` and return the new offset.

    A piece that arrives at another offset than the stored one is refused `B-031`; after the
    deadline every piece is refused `B-032`.
    """
    with transaction.atomic():
        upload = (
            Upload.objects.select_for_update(of=("self",))
            .select_related("party__lot__tender")
            .get(pk=upload_id)
        )
        if not is_open(lot=upload.party.lot, now=now):
            raise Refusal("B-032")
        if offset != upload.offset or offset + len(piece) > upload.length:
            raise Refusal("B-031", offset=upload.offset)
        name = _piece_name(upload, offset)
        storage = sealed_storage()
        if storage.exists(name):  # a rest of a try that was killed before its offset was granted
            storage.delete(name)
        storage.save(name, ContentFile(piece))
        upload.offset = offset + len(piece)
        upload.touched_at = now
        upload.save(update_fields=["offset", "touched_at"])
    return upload.offset


def pieces(upload: Upload) -> Iterator[bytes]:
    """Read the stored bytes in order, a few MiB at a time."""
    storage = sealed_storage()
    done = 0
    while done < upload.offset:
        with storage.open(_piece_name(upload, done), "rb") as file:
            source: BinaryIO = file.file or file  # type: ignore[assignment]
            while chunk := source.read(1_048_576):
                done += len(chunk)
                yield chunk


def discard(upload: Upload) -> None:
    """Delete the stored pieces of an upload that is used up; again does no harm."""
    if upload.file:
        _delete_pieces(upload.file)
        Upload.objects.filter(pk=upload.pk).update(file="")


def give_up(*, upload_id: UUID) -> None:
    """Forget an upload its owner does not want, unless it was submitted already."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().filter(pk=upload_id).first()
        if upload is None or upload.submissions.exists():
            return
        upload.delete()
    _delete_pieces(upload.file)


def expire(*, now: datetime) -> int:
    """Delete what was left behind: uploads nobody went on with, and the bytes of late bids."""
    old = Upload.objects.exclude(file="").filter(touched_at__lt=now - KEEP_UNFINISHED)
    done = 0
    for upload_id in old.values_list("pk", flat=True):
        with transaction.atomic():
            # Locked against a submission of the same upload, which looks at `file` behind us.
            upload = Upload.objects.select_for_update().filter(pk=upload_id).first()
            if upload is None or upload.submissions.filter(state="RECEIVED").exists():
                continue
            discard(upload)
            done += 1
    return done


def _delete_pieces(folder: str) -> None:
    storage = sealed_storage()
    try:
        names = storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for name in sorted(names):
        storage.delete(f"{folder}/{name}")


def _piece_name(upload: Upload, offset: int) -> str:
    return f"{upload.file}/{offset:020d}"
