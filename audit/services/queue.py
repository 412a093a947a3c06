"""Asking for work that may have been asked for already: the queue is a hint, state decides."""

from __future__ import annotations

from datetime import timedelta
from typing import ParamSpec, TypeVar

from django.db.models import Q
from django.db.models.functions import Now
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

P = ParamSpec("P")
T = TypeVar("T")

# Real time, as the queue stamps it: a task is asked for again this long after it was last, and
# one whose worker died no longer counts as running after that long.
_PATIENCE = timedelta(seconds=20)
_LONGEST = timedelta(minutes=10)


def ask_again(job: Task[P, T], *arguments: P.args, **options: P.kwargs) -> None:
    """Ask for work unless it waits, runs or was asked for a moment ago."""
    asked = DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.READY)
        | Q(status=TaskResultStatus.RUNNING, started_at__gt=Now() - _LONGEST)
        | Q(enqueued_at__gt=Now() - _PATIENCE),
        task_path=job.module_path,
        args_kwargs__args=list(arguments),
        args_kwargs__kwargs=options,
    )
    if not asked.exists():
        job.enqueue(*arguments, **options)
