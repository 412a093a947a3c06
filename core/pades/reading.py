"""What a PDF's seals are and what they cover: facts alone, nobody is trusted here.

No page is drawn, no stream of content opened, no later change weighed as harmless: a seal covers
the whole file or it does not. To be run in `cage` on whatever a stranger brings.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from core.pades.found import Seal

MOST = 8  # seals looked at, the newest


class Unreadable(Exception):  # noqa: N818 - named as what happened
    """The file is no PDF, or a broken one."""


class Locked(Exception):  # noqa: N818 - named as what happened
    """The file opens with a password only."""


def seals(file: IO[bytes]) -> tuple[Seal, ...]:
    """Return the seals of a PDF, oldest first."""
    try:
        reader = PdfFileReader(file, strict=False)
        is_locked = reader.encrypted
        found = () if is_locked else list(reader.embedded_regular_signatures)[-MOST:]
        read = tuple(_read(one, file) for one in found)
    except MemoryError:
        raise
    except Exception as error:
        # A parser fed by strangers fails in more ways than it names; none of them is a seal.
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    if is_locked:
        raise Locked
    return read


def _read(one: EmbeddedPdfSignature, file: IO[bytes]) -> Seal:
    certificate = one.signer_cert
    return Seal(
        intact=_is_intact(one),
        whole=_covers_all(one, file),
        certificate=certificate.dump(),
        signature=one.signer_info["signature"].native,
        token=next(_tokens(one), b""),
        claimed_at=_claimed_at(one),
    )


def _is_intact(one: EmbeddedPdfSignature) -> bool:
    try:
        same, signed = generic_cms.validate_sig_integrity(
            one.signer_info, one.signer_cert, "data", one.compute_digest()
        )
    except (SignatureValidationError, PdfError, ValueError, OSError):
        return False
    return same and signed


def _covers_all(one: EmbeddedPdfSignature, file: IO[bytes]) -> bool:
    """Tell whether all of the file is signed but the signature's own digits.

    The library compares lengths; the gap must also stand where the signature stands.
    """
    match [part if isinstance(part, int) else -1 for part in one.byte_range]:
        case [0, before, after, rest]:
            gap = after - before
        case _:
            return False
    end = file.seek(0, os.SEEK_END)
    if after + rest != end or gap != 2 * len(one.pkcs7_content) + 2:
        return False
    file.seek(before)
    written = file.read(gap)
    return written[:1] == b"<" and written[-1:] == b">" and _hex(written[1:-1]) == one.pkcs7_content


def _hex(digits: bytes) -> bytes:
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return b""


def _tokens(one: EmbeddedPdfSignature) -> Iterator[bytes]:
    attributes: Any = one.signer_info["unsigned_attrs"]
    for attribute in attributes or ():
        if attribute["type"].native == "signature_time_stamp_token":
            for value in attribute["values"]:
                yield value.dump()


def _claimed_at(one: EmbeddedPdfSignature) -> datetime | None:
    told: datetime | None = one.self_reported_timestamp
    return told.astimezone(UTC) if told and told.tzinfo else None
