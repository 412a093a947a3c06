"""Is what is stored of a bid still what its receipt promises: asked before any verdict on it.

A bid answers for what its bidder sealed. What the platform altered or lost afterwards is never the
bidder's cause (EBM20 Art. 31), so nothing is judged by stored bytes that nobody compared.
"""

from __future__ import annotations

from io import SEEK_END
from typing import BinaryIO

from audit.models import LogEntry
from sealing import header as headers
from sealing.encoding import b64u
from sealing.entries import BidReceived
from sealing.envelope import form_ct_sha256
from sealing.errors import SealingError
from sealing.header import Header
from sealing.log import entry_hash
from trading.models import Bid
from trading.services import sealed_files

ALTERED = "STORED_ALTERED"
LOST = "STORED_LOST"


def header_of(bid: Bid) -> Header | None:
    """Return the header in the bid's row; None if it is not the one that was received."""
    promised = _promised(bid)
    try:
        header = headers.parse(bid.header.encode())
    except SealingError:
        return None
    if promised is None or b64u(header.sha256) != promised.header_sha256:
        return None
    return header


def is_form_kept(bid: Bid, file: BinaryIO) -> bool:
    """Tell whether the file's header, length and sealed form are those that were received."""
    promised = _promised(bid)
    try:
        header = headers.read(file)
        size = file.seek(0, SEEK_END)
        headers.check_size(header, size)
    except SealingError:
        return False
    found = (b64u(header.sha256), size, b64u(form_ct_sha256(file, header=header)))
    return promised is not None and found == (
        promised.header_sha256,
        promised.size,
        promised.form_ct_sha256,
    )


def is_file_kept(bid: Bid) -> bool:
    """Tell whether every byte of the file is the one received; reads it whole."""
    promised = _promised(bid)
    return promised is not None and sealed_files.digest(bid) == promised.ct_sha256


def _promised(bid: Bid) -> BidReceived | None:
    """Return the logged entry the receipt was made of; None if it is not what was logged."""
    entry = LogEntry.objects.filter(pk=bid.log_entry, kind=BidReceived.kind).first()
    if entry is None:
        return None
    try:
        if entry_hash(entry.body, salt=bytes(entry.salt)) != bytes(entry.leaf_hash):
            return None
        promised = BidReceived.from_body(entry.body)
    except SealingError:
        return None
    return promised if promised.bid == str(bid.pk) else None
