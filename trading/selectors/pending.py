"""What time has made due in trading and nobody has done yet: tells a story's driver to wait."""

from __future__ import annotations

from datetime import datetime

from trading.models import Bid, DocumentSet, Lot, Opening, Submission
from trading.services.closing import GRACE


def pending(now: datetime) -> list[str]:
    """Name the kinds of due work that are not done; empty when all is settled."""
    checks = {
        "documents": DocumentSet.objects.filter(
            version=1,
            issued_at__isnull=True,
            tender__state="PUBLISHED",
            tender__documents_issued_at__lte=now,
        ),
        "submissions": Submission.objects.filter(state="RECEIVED"),
        "closing": Lot.objects.filter(state="SUBMISSION", deadline_at__lte=now - GRACE),
        "windows": Opening.objects.filter(
            stage="DECRYPT_BIDDER", decrypt_ends_at__lte=now, suspended_at__isnull=True
        ),
        "forms": Bid.objects.filter(
            state="RELEASED",
            lot__opening__stage="DECRYPT_TENDERER",
            shares__label="host",
            shares__valid=True,
        ),
        "packages": Bid.objects.filter(state="OPENED", package_opened_at__isnull=True),
    }
    return [name for name, rows in checks.items() if rows.exists()]
