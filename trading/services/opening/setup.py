"""Prepare the opening when a lot is published, so that the hall exists before the hour."""

from __future__ import annotations

from trading.domain.opening_stages import order
from trading.models import Lot, Opening


def prepare(*, lot: Lot) -> Opening:
    """Write the opening's row with this lot's stages; the tenderer's side hosts."""
    tender = lot.tender
    draws = bool(lot.price_formula.get("params", {}).get("draw"))
    draw = None
    if draws:
        draw = "before" if tender.opening_order == "draw_before_decryption" else "after"
    return Opening.objects.create(
        lot=lot,
        stages=list(order(with_identity=False, draw=draw)),
        host_organisation=tender.agency or tender.procuring_entity,
    )
