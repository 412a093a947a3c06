"""What a bidder's client needs to seal for a lot, and what it must find in the header."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from trading.models import Party
from trading.services.uploads import MAX_BYTES

ENVELOPE = "single"


def context_of(party: Party, *, bid: UUID) -> dict[str, str]:
    """Return the sealed bid's `ctx` (sealing/SPEC.md §2.1)."""
    return {
        "tender": str(party.lot.tender_id),
        "lot": str(party.lot_id),
        "envelope": ENVELOPE,
        "bidder": str(party.pk),
        "bid": str(bid),
        "deadline_id": str(party.lot.opening_id),
    }


def recipients(party: Party) -> dict[str, Any]:
    """Return the host's public key as the signed notice has it, and the size limit."""
    key = party.lot.tender.host_key
    return {
        "kid": key.kid,
        "suite": key.suite,
        "public_key": key.public_key,
        "max_bytes": MAX_BYTES,
    }
