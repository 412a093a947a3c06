"""What a receipt that somebody brings is worth, told without looking at anybody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models.fields.json import KT

from audit.models import LogEntry
from audit.selectors.log import inclusion, latest_checkpoint
from sealing import moments, receipts
from sealing.checkpoint import Checkpoint, LogKey
from sealing.encoding import unb64u
from sealing.entries import BidReceived, TenderClosed
from sealing.errors import SealingError
from sealing.log import LogProof
from sealing.receipts import Receipt

FINGERPRINT_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A receipt this log signed, and whether the log holds what it promises.

    `in_log` is None while the lot is not closed: until then nothing is looked up but the
    receipt's own words, since an answer about the log would be an answer about bidders.
    """

    receipt: Receipt
    in_log: Checkpoint | None
    missing: bool

    @property
    def received_at(self) -> datetime:
        """The instant the last byte had arrived."""
        return moments.read(self.receipt.entry.at)

    @property
    def fingerprint(self) -> str:
        """The first digits of the sealed file's SHA-256."""
        return unb64u(self.receipt.entry.ct_sha256).hex()[:FINGERPRINT_DIGITS]


def check_receipt(token: str, *, log_key: LogKey) -> Checked:
    """Check a receipt; raises `SealingError` for what this log did not sign.

    The signature is checked before any table is read. The proof a receipt carries is checked as
    well; once the lot is closed, the log itself is asked.
    """
    receipt = receipts.verify(token, log_key=log_key)
    if not _is_closed(receipt.entry):
        return Checked(receipt=receipt, in_log=None, missing=False)
    found = _found(receipt, log_key=log_key)
    return Checked(receipt=receipt, in_log=found, missing=found is None)


def _is_closed(entry: BidReceived) -> bool:
    """Whether the log holds the closing of this lot, which it does with or without bids."""
    closings = LogEntry.objects.alias(lot=KT("body__lot")).filter(kind=TenderClosed.kind)
    return closings.filter(lot=entry.lot, tick__isnull=False).exists()


def _found(receipt: Receipt, *, log_key: LogKey) -> Checkpoint | None:
    entry = LogEntry.objects.filter(leaf_hash=receipt.leaf).select_related("tick").first()
    newest = latest_checkpoint()
    proof = inclusion(entry, size=newest.size) if entry and newest else None
    if newest is None or proof is None:
        return None
    try:
        return receipts.verify_inclusion(
            receipt, proof=LogProof.from_body(proof), checkpoint=newest.note, log_key=log_key
        )
    except SealingError:  # a row that the log's roots do not cover is no entry
        return None
