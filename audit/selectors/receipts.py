"""What a receipt that somebody brings is worth, told without looking at anybody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models.fields.json import KT

from audit.models import LogEntry
from audit.selectors.evidence import Evidence, carried, evidence_of
from sealing import moments, receipts
from sealing.checkpoint import Checkpoint, LogKey
from sealing.encoding import unb64u
from sealing.entries import BidReceived, TenderClosed
from sealing.receipts import Receipt

FINGERPRINT_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A receipt this log signed, and whether the log holds what it promises.

    `in_log` is None while the lot is not closed: until then nothing is looked up but the
    receipt's own words, since an answer about the log would be an answer about bidders.
    `evidence` is the proof that was found then, or the one that the receipt carries itself.
    """

    receipt: Receipt
    in_log: Checkpoint | None
    evidence: Evidence | None
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
        own = _carried(receipt, log_key=log_key)
        return Checked(receipt=receipt, in_log=None, evidence=own, missing=False)
    entry = LogEntry.objects.filter(leaf_hash=receipt.leaf).select_related("tick").first()
    found = None if entry is None else evidence_of(entry, log_key=log_key)
    in_log = None if found is None else found.checkpoint
    return Checked(receipt=receipt, in_log=in_log, evidence=found, missing=found is None)


def _is_closed(entry: BidReceived) -> bool:
    """Whether the log holds the closing of this lot, which it does with or without bids."""
    closings = LogEntry.objects.alias(lot=KT("body__lot")).filter(kind=TenderClosed.kind)
    return closings.filter(lot=entry.lot, tick__isnull=False).exists()


def _carried(receipt: Receipt, *, log_key: LogKey) -> Evidence | None:
    if receipt.proof is None or receipt.checkpoint is None:
        return None
    return carried(receipt.leaf, proof=receipt.proof, note=receipt.checkpoint, log_key=log_key)
