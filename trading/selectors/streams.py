"""Names of the event streams trading writes: one aggregate for one audience each."""

from __future__ import annotations

from trading.models import Lot, Party, Tender


def tender_public(tender: Tender) -> str:
    """Name the stream of what everybody may know of a tender."""
    return f"tender/{tender.pk}/public"


def tender_staff(tender: Tender) -> str:
    """Name the stream of what only the tenderer's side and supervisors may know of a tender."""
    return f"tender/{tender.pk}/staff"


def lot_public(lot: Lot) -> str:
    """Name the stream of what everybody in the hall of a lot may know."""
    return f"lot/{lot.pk}/public"


def lot_staff(lot: Lot) -> str:
    """Name the stream of what only the host's desk and supervisors may know of a lot's opening."""
    return f"lot/{lot.pk}/staff"


def party_stream(party: Party) -> str:
    """Name the stream of what one bidder alone may know of its own part in a lot."""
    return f"lot/{party.lot_id}/party/{party.pk}"
