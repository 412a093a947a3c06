"""Work that takes long; each is idempotent and is asked for again by `due.tick` until done."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from core import clock
from trading.services.opening import opening_forms

# Real time, as the queue stamps it: a task is asked for again this long after it was last, and
# one whose worker died no longer counts as running after that long.
_PATIENCE = timedelta(seconds=20)
_LONGEST = timedelta(minutes=10)


@task()
def open_forms(lot_id: str) -> None:
    """Open the forms of a lot, then its packages."""
    opening_forms.open_lot(lot_id=UUID(lot_id), now=clock.now())
    open_packages.enqueue(lot_id)


@task()
def open_packages(lot_id: str) -> None:
    """Unpack the opened bids of a lot for the panel."""
    opening_forms.open_packages(lot_id=UUID(lot_id), now=clock.now())


def ask_again(job: Task[[str], None], lot_id: UUID) -> None:
    """Ask for a lot's work unless it waits, runs or was asked for a moment ago."""
    asked = DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.READY)
        | Q(status=TaskResultStatus.RUNNING, started_at__gt=Now() - _LONGEST)
        | Q(enqueued_at__gt=Now() - _PATIENCE),
        task_path=job.module_path,
        args_kwargs__args=[str(lot_id)],
    )
    if not asked.exists():
        job.enqueue(str(lot_id))
