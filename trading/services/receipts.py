"""Receipts of sealed bids: the platform's signed promise, given at the moment of acceptance."""

from __future__ import annotations

import os
from datetime import datetime

from audit.models import LogEntry
from audit.services.keys import log_origin, signing_key
from sealing.encoding import b64u
from sealing.entries import BidReceived
from sealing.moments import spell
from sealing.receipts import ID_BYTES, Receipt, sign


def issue(*, entry: LogEntry, now: datetime) -> tuple[str, str]:
    """Return a new receipt's random id and its JWS for a logged `bid.receive`.

    The entry waits for its tick, so the receipt is a promise; its proof follows within a minute.
    """
    receipt = Receipt(
        issuer=log_origin(),
        id=b64u(os.urandom(ID_BYTES)),
        issued_at=spell(now),
        entry=BidReceived.from_body(entry.body),
        salt=bytes(entry.salt),
    )
    return receipt.id, sign(receipt, private=signing_key())
