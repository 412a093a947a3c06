"""When messages about a tender stop being secret: once every lot has read out who bids.

A lot that ended without a list never names its bidders, and the same firms may come again when
it is tendered anew; its messages stay sealed for `KEPT` and no longer, since every reader's inbox
pays a little for each matter that is still secret.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.services import messages
from trading.models import Lot, OpeningSeat

# Not a number of the law: time enough for a second round.
KEPT = timedelta(days=180)


def reveal_due(*, now: datetime) -> int:
    """Turn the sealed messages of every tender whose time has come into ordinary ones."""
    matters = set(messages.secret_matters())
    due = matters - _still_secret(matters, now=now)
    return sum(messages.reveal(matter=matter) for matter in due)


def _still_secret(matters: set[UUID], *, now: datetime) -> set[UUID]:
    named = Exists(OpeningSeat.objects.filter(opening=OuterRef("pk")))
    over = Q(state__in=["FAILED", "TERMINATED", "DISCARDED"], deadline_at__lte=now - KEPT)
    lots = Lot.objects.filter(tender__in=matters).exclude(over).exclude(named)
    return set(lots.values_list("tender_id", flat=True))
