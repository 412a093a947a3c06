"""The published opening of a lot and its proof: what an outsider can check. SPEC.md §11."""

from __future__ import annotations

from sealing.opening.document import GoneBid, LiveBid, Opened, Opening
from sealing.opening.verify import Check, Report, verify_opening

__all__ = ["Check", "GoneBid", "LiveBid", "Opened", "Opening", "Report", "verify_opening"]
