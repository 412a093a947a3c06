"""What a bidder's pages show of its own bids; nothing here reads another firm's rows."""

from __future__ import annotations

from django.http import Http404

from accounts.web import SignedIn
from trading.models import Bid
from trading.services import parties


def own_receipt(who: SignedIn, receipt_id: str) -> Bid:
    """Return the bid of a receipt if the person's firm submitted it; 404 otherwise."""
    bid = (
        Bid.objects.select_related("lot__tender", "party", "submission")
        .filter(receipt_id=receipt_id)
        .first()
    )
    firm = who.organisation
    if bid is None or firm is None:
        raise Http404
    own = parties.find(lot_id=bid.lot_id, organisation_id=firm.pk)
    if own is None or own.pk != bid.party_id:
        raise Http404
    return bid
