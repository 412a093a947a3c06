"""At the deadline a lot closes: its set of live bids is committed to, unseen and uncounted.

`tender.close` enters the log with the root over all live bids, so that none can be added, removed
or replaced afterwards without proof of it (sealing design §5.5). Nothing about the set is shown:
the count is inside the salted entry, and the public event says only that the lot closed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from audit.services import record
from audit.services.log import enqueue
from bank_escrow.services import lock as lock_securities
from sealing.encoding import b64u
from sealing.log import set_root
from sealing.moments import spell
from trading.domain.lifecycle import LOT
from trading.events.bids import LotClosed
from trading.models import Bid, Lot, Opening, Submission
from trading.selectors.streams import lot_public
from trading.services import sealed_files, submission

# Time for a request whose last byte arrived before the deadline to write its intent row.
GRACE = timedelta(seconds=3)
SYSTEM = "system:clock"


def due(*, now: datetime) -> list[UUID]:
    """Name every lot whose deadline has passed but which still stands open."""
    lots = Lot.objects.filter(state="SUBMISSION", deadline_at__lte=now - GRACE)
    return list(lots.values_list("pk", flat=True))


def close(*, lot_id: UUID, now: datetime) -> bool:
    """Close one lot; False when it is not due, is closed already or still waits for a check."""
    for waiting in _unsettled(lot_id):
        submission.settle(submission_id=waiting, now=now)
    with transaction.atomic():
        lot = Lot.objects.select_for_update(of=("self",)).select_related("tender").get(pk=lot_id)
        if lot.state != "SUBMISSION" or lot.deadline_at is None or now < lot.deadline_at + GRACE:
            return False
        if _unsettled(lot_id):
            return False  # one arrived between the two looks; the next tick finds it settled
        LOT.after(lot.state, "close")
        entries = list(
            Bid.objects.filter(lot=lot, state="SEALED")
            .order_by("pk")
            .values_list("pk", "log_entry")
        )
        leaves = {str(bid): sealed_files.leaf_bytes(entry) for bid, entry in entries}
        entry = enqueue(
            kind="tender.close",
            entry={
                "v": 1,
                "kind": "tender.close",
                "tender": str(lot.tender_id),
                "at": spell(now),
                "lot": str(lot.pk),
                "envelope": "single",
                "deadline_id": str(lot.opening_id),
                "deadline_at": spell(lot.deadline_at),
                "count": len(leaves),
                "set_root": b64u(set_root(list(leaves.values()))),
            },
            now=now,
        )
        Opening.objects.filter(lot=lot).update(close_entry=entry.pk)
        Lot.objects.filter(pk=lot.pk, state="SUBMISSION").update(state="CLOSED", closed_at=now)
        if lot.bid_security_fen:
            lock_securities(reference=lot.pk, now=now)
        record(
            stream=lot_public(lot),
            event=LotClosed(deadline_at=spell(lot.deadline_at)),
            actor=SYSTEM,
            now=now,
        )
    return True


def _unsettled(lot_id: UUID) -> list[UUID]:
    return list(
        Submission.objects.filter(party__lot_id=lot_id, state="RECEIVED")
        .order_by("received_at")
        .values_list("pk", flat=True)
    )
