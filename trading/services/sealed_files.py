"""Sealed files in storage: examine what was uploaded, keep it under its own hash, find it again."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, cast
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from django.core.files import File

from audit.models import LogEntry
from sealing import header as sealed_header
from sealing.encoding import b64u
from sealing.header import Header
from trading.models import Bid
from trading.services.uploads import sealed_storage

_BLOCK = 524_288  # SPEC.md §4
_HEAD = 12 + sealed_header.MAX_HEADER


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the bytes of a sealed file say, all hashes as base64url."""

    header: Header
    size: int
    ct_root: str
    ct_sha256: str
    ct_sm3: str
    header_sha256: str
    form_ct_sha256: str
    kc: str


def examine(chunks: Iterable[bytes], length: int) -> Facts:
    """Read a sealed file once: its header, its length and all its fingerprints.

    SealingError says what is wrong with it; nothing is decrypted, and nothing could be.
    """
    whole, sm3 = hashlib.sha256(), hashes.Hash(hashes.SM3())
    root = hashlib.sha256(b"ggzy-bid/1 ct\0")
    block = hashlib.sha256()
    filled = 0
    form = hashlib.sha256()
    head = bytearray()
    header: Header | None = None
    form_from = form_to = 0
    done = 0
    for chunk in chunks:
        whole.update(chunk)
        sm3.update(chunk)
        view = memoryview(chunk)
        while view:
            part = view[: _BLOCK - filled]
            block.update(part)
            filled += len(part)
            view = view[len(part) :]
            if filled == _BLOCK:
                root.update(block.digest())
                block, filled = hashlib.sha256(), 0
        if header is None:
            head += chunk[: _HEAD - len(head)]
            if len(head) >= min(_HEAD, length):
                header = _header(bytes(head), length)
                form_from = header.offset(sealed_header.FORM)
                form_to = header.offset(sealed_header.PACKAGE)
                _take(form, bytes(head), 0, form_from, form_to)
                if done + len(chunk) > len(head):
                    _take(form, chunk[len(head) - done :], len(head), form_from, form_to)
        else:
            _take(form, chunk, done, form_from, form_to)
        done += len(chunk)
    if header is None:
        header = _header(bytes(head), done)
    sealed_header.check_size(header, done)
    if filled:
        root.update(block.digest())
    return Facts(
        header=header,
        size=done,
        ct_root=b64u(root.digest()),
        ct_sha256=b64u(whole.digest()),
        ct_sm3=b64u(sm3.finalize()),
        header_sha256=b64u(header.sha256),
        form_ct_sha256=b64u(form.digest()),
        kc=b64u(header.commitment),
    )


def keep(chunks: Iterable[bytes], facts: Facts) -> str:
    """Store the file under its own hash and return its name; the same bytes are stored once."""
    name = f"bids/{facts.ct_sha256[:2]}/{facts.ct_sha256}"
    storage = sealed_storage()
    if storage.exists(name) and storage.size(name) == facts.size:
        return name
    if storage.exists(name):
        storage.delete(name)
    with tempfile.TemporaryFile() as whole:
        for chunk in chunks:
            whole.write(chunk)
        whole.seek(0)
        return storage.save(name, File(whole))


@contextmanager
def opened(bid: Bid) -> Iterator[BinaryIO]:
    """Open the ciphertext of a bid for reading."""
    with sealed_storage().open(bid.file, "rb") as file:
        yield cast("BinaryIO", file)


def exists(bid: Bid) -> bool:
    """Tell whether the ciphertext of a bid is in storage."""
    return sealed_storage().exists(bid.file)


def digest(bid: Bid) -> str:
    """Return the SHA-256 of the stored ciphertext, as base64url."""
    whole = hashlib.sha256()
    with opened(bid) as file:
        while chunk := file.read(_BLOCK):
            whole.update(chunk)
    return b64u(whole.digest())


def leaf(entry_id: UUID) -> str:
    """Return the entry hash of a logged entry, as base64url."""
    return b64u(leaf_bytes(entry_id))


def leaf_bytes(entry_id: UUID) -> bytes:
    """Return the entry hash of a logged entry."""
    return bytes(LogEntry.objects.values_list("leaf_hash", flat=True).get(pk=entry_id))


def _header(head: bytes, length: int) -> Header:
    header = sealed_header.read(BytesIO(head))
    sealed_header.check_size(header, length)
    return header


def _take(form: hashlib._Hash, chunk: bytes, at: int, start: int, end: int) -> None:
    """Feed the bytes of `chunk`, which begins at `at`, that lie within start…end."""
    low, high = max(start - at, 0), min(end - at, len(chunk))
    if low < high:
        form.update(chunk[low:high])
