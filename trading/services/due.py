"""What time has made due in trading; safe to run from any number of clocks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from trading.models import Bid, Lot, Opening, Submission
from trading.services import (
    closing,
    completing,
    downloads,
    publishing,
    secrecy,
    submission,
    uploads,
)
from trading.services.opening import advance, ending
from trading.tasks import open_forms, open_packages

LOBBY_OPENS = timedelta(minutes=60)  # before the deadline
STALLED = timedelta(seconds=20)  # a job not done by then is asked for again

log = logging.getLogger(__name__)


def tick(now: datetime) -> None:
    """Do all that the clock owes: issue, settle, close, open, end windows, publish, reveal."""
    publishing.issue_due(now=now)
    downloads.tell_due(now=now)
    _settle_abandoned(now)
    _each(closing.due(now=now), lambda lot: closing.close(lot_id=lot, now=now))
    _open_lobbies(now)
    _end_windows(now)
    _ask_again(now)
    _publish(now)
    secrecy.reveal_due(now=now)
    _each(
        completing.due().values_list("pk", flat=True),
        lambda one: completing.complete(tender_id=one, now=now),
    )
    uploads.expire(now=now)


def _settle_abandoned(now: datetime) -> None:
    """Finish submissions whose process died between the intent and the check."""
    waiting = Submission.objects.filter(state="RECEIVED", received_at__lte=now - STALLED)
    _each(
        waiting.values_list("pk", flat=True),
        lambda one: submission.settle(submission_id=one, now=now),
    )


def _each(rows: Iterable[UUID], act: Callable[[UUID], object]) -> None:
    """Do one thing to each row; a row that fails is logged and keeps no other from its turn."""
    for row in rows:
        try:
            act(row)
        except Exception:
            log.exception("what was due for a row failed; it is tried again")


def _open_lobbies(now: datetime) -> None:
    due = Opening.objects.filter(
        stage="LOBBY", lot__state="SUBMISSION", lot__deadline_at__lte=now + LOBBY_OPENS
    ) | Opening.objects.filter(stage="LOBBY", lot__state="CLOSED")
    _each(due.values_list("pk", flat=True), lambda lot: _lobby(lot, now))


def _end_windows(now: datetime) -> None:
    due = Opening.objects.filter(
        stage="DECRYPT_BIDDER", decrypt_ends_at__lte=now, suspended_at__isnull=True
    )
    _each(due.values_list("pk", flat=True), lambda lot: _window(lot, now))


def _lobby(lot_id: UUID, now: datetime) -> None:
    with transaction.atomic():
        advance.open_lobby(lot_id=lot_id, now=now)


def _window(lot_id: UUID, now: datetime) -> None:
    with transaction.atomic():
        advance.end_window(lot_id=lot_id, now=now)


def _ask_again(now: datetime) -> None:
    """Ask again for work a killed worker left; each job looks for itself what is left to do."""
    stalled = Bid.objects.filter(state="RELEASED", lot__opening__stage="DECRYPT_TENDERER").filter(
        shares__label="host", shares__valid=True, shares__at__lte=now - STALLED
    )
    for lot_id in set(stalled.values_list("lot_id", flat=True)):
        open_forms.enqueue(str(lot_id))
    packed = Lot.objects.filter(
        Q(bids__state="OPENED", bids__package_opened_at__isnull=True),
        opening__opened_at__lte=now - STALLED,
    ).distinct()
    for lot_id in packed.values_list("pk", flat=True):
        open_packages.enqueue(str(lot_id))


def _publish(now: datetime) -> None:
    due = Opening.objects.filter(
        ended_at__isnull=False, document__isnull=True, result_entry__isnull=False
    ).exclude(stage="FAILED")
    _each(
        due.values_list("pk", flat=True),
        lambda lot: ending.publish_document(lot_id=lot, now=now),
    )
