"""A tender is over when each of its lots is: with a contract, or without one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from audit.services import record
from trading.domain.lifecycle import LOT_ENDS, TENDER
from trading.events.tenders import TenderCompleted
from trading.models import Lot, Tender
from trading.selectors.streams import tender_public

SYSTEM = "system:clock"


def due() -> QuerySet[Tender]:
    """Return the published tenders of which no lot has anything before it."""
    unfinished = Lot.objects.exclude(state__in=LOT_ENDS)
    return Tender.objects.filter(state="PUBLISHED").exclude(pk__in=unfinished.values("tender"))


@transaction.atomic
def complete(*, tender_id: UUID, now: datetime) -> None:
    """End a tender by compare-and-set; nothing happens if it is no longer due."""
    target = TENDER.after("PUBLISHED", "complete")
    if due().filter(pk=tender_id).update(state=target) == 1:
        tender = Tender.objects.get(pk=tender_id)
        record(stream=tender_public(tender), event=TenderCompleted(), actor=SYSTEM, now=now)
