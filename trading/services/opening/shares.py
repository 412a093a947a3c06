"""Released shares in the database: under the platform's veil, each bound to its bid.

Between a bidder's release and the host's, who holds the host key and reads the database could
open the bids released so far, while their rivals may still withhold. So a share is no clearer
there than the names are (sealing design §5.3 step 8).
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag

from accounts.services import veil
from sealing.shares import Share as ReleasedShare
from trading.models import Bid


def veiled(share: bytes, *, bid: Bid) -> bytes:
    """Return the share as it stands in its row."""
    return veil.lock(share, of=bid.pk)


def of(bid: Bid) -> list[ReleasedShare]:
    """Return a bid's valid shares by label; one whose row was altered meets no commitment."""
    rows = bid.shares.filter(valid=True).order_by("label")
    return [
        ReleasedShare(label=row.label, secret=_clear(bytes(row.share or b""), bid=bid))
        for row in rows
    ]


def _clear(locked: bytes, *, bid: Bid) -> bytes:
    try:
        return veil.unlock(locked, of=bid.pk)
    except InvalidTag:
        return b""
