"""Take a bid back before the deadline (撤回): free, logged, and never opened afterwards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from audit.services import record
from audit.services.log import enqueue
from core.verdicts import Refusal
from sealing.moments import spell
from trading.events.bids import BidWithdrawn
from trading.models import Bid, Lot, Party, Submission
from trading.policies.bids import may_withdraw
from trading.selectors.sealing import ENVELOPE
from trading.selectors.streams import party_stream
from trading.services import sealed_files


def withdraw(*, party: Party, actor: str, now: datetime) -> UUID:
    """Withdraw the party's live bid and return its id; the ciphertext is kept, unopened."""
    # The lot is share-locked against its close, the party against its own submissions: one that is
    # being checked would otherwise become the live bid behind the back of the withdrawal.
    lot = Lot.objects.raw("SELECT * FROM trading_lot WHERE id = %s FOR SHARE", [party.lot_id])[0]
    Party.objects.select_for_update().get(pk=party.pk)
    if Submission.objects.filter(party=party, state="RECEIVED").exists():
        raise Refusal("B-016")
    bid = Bid.objects.select_for_update().filter(party=party, state="SEALED").first()
    may_withdraw(lot=lot, has_live_bid=bid is not None, now=now).or_raise()
    assert bid is not None
    entry = enqueue(
        kind="bid.withdraw",
        entry={
            "v": 1,
            "kind": "bid.withdraw",
            "tender": str(lot.tender_id),
            "at": spell(now),
            "lot": str(lot.pk),
            "envelope": ENVELOPE,
            "party": str(party.pk),
            "old": sealed_files.leaf(bid.log_entry),
        },
        now=now,
    )
    Bid.objects.filter(pk=bid.pk, state="SEALED").update(
        state="WITHDRAWN", ended_at=now, end_entry=entry.pk
    )
    record(stream=party_stream(party), event=BidWithdrawn(bid=bid.pk), actor=actor, now=now)
    return bid.pk
