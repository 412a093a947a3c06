"""What time has made due in trading; safe to run from any number of clocks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from audit.services.queue import ask_again
from trading.models import Bid, Opening, Share, Submission
from trading.services import (
    closing,
    completing,
    downloads,
    host_key_tasks,
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
    """Do all that the clock owes; a job that fails keeps no other from its turn."""
    for job in _JOBS:
        try:
            job(now)
        except Exception:
            log.exception("%s failed; it is tried again at the next beat", job.__name__)


def _issue(now: datetime) -> None:
    _each(publishing.due(now=now), lambda one: publishing.issue(document_set_id=one, now=now))


def _tell(now: datetime) -> None:
    _each(downloads.untold(), lambda one: downloads.tell(announcement_id=one, now=now))


def _close(now: datetime) -> None:
    _each(closing.due(now=now), lambda lot: closing.close(lot_id=lot, now=now))


def _rehearse(now: datetime) -> None:
    with transaction.atomic():
        host_key_tasks.settle(now)


def _reveal(now: datetime) -> None:
    secrecy.reveal_due(now=now)


def _complete(now: datetime) -> None:
    _each(
        completing.due().values_list("pk", flat=True),
        lambda one: completing.complete(tender_id=one, now=now),
    )


def _expire(now: datetime) -> None:
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
        stage="DECRYPT_BIDDER",
        decrypt_ends_at__lte=now,
        suspended_at__isnull=True,
        lot__state="OPENING",
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
    recent = Share.objects.filter(
        bid__lot_id=OuterRef("pk"), label="host", valid=True, at__gt=now - STALLED
    )
    unshared = Bid.objects.filter(lot_id=OuterRef("pk"), state="RELEASED").exclude(
        Exists(Share.objects.filter(bid_id=OuterRef("pk"), label="host", valid=True))
    )
    stalled = Opening.objects.filter(
        ~Exists(recent),
        ~Exists(unshared),
        stage="DECRYPT_TENDERER",
        suspended_at__isnull=True,
        lot__state="OPENING",
    )
    _each(stalled.values_list("pk", flat=True), lambda lot: ask_again(open_forms, str(lot)))
    packed = Opening.objects.filter(
        Exists(
            Bid.objects.filter(
                lot_id=OuterRef("pk"), state="OPENED", package_opened_at__isnull=True
            )
        ),
        opened_at__lte=now - STALLED,
    )
    _each(packed.values_list("pk", flat=True), lambda lot: ask_again(open_packages, str(lot)))


def _publish(now: datetime) -> None:
    due = Opening.objects.filter(
        ended_at__isnull=False, document__isnull=True, result_entry__isnull=False
    ).exclude(stage="FAILED")
    _each(
        due.values_list("pk", flat=True),
        lambda lot: ending.publish_document(lot_id=lot, now=now),
    )


_JOBS: Sequence[Callable[[datetime], None]] = (
    _issue,
    _tell,
    _settle_abandoned,
    _close,
    _open_lobbies,
    _end_windows,
    _ask_again,
    _publish,
    _reveal,
    _complete,
    _rehearse,
    _expire,
)
