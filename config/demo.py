"""Doors of the story clock: only in demo and test settings, never in a city.

Time only goes forward. A jump waits for the log's running tick, and `settled` tells a driver
that nothing which time has made due is still undone.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.selectors import seals_due
from accounts.web import public
from audit.services.tick import between_ticks
from bank_escrow.selectors.pending import pending as bank_pending
from core import clock
from core.events import moment
from trading.selectors.pending import pending as trading_pending

# Real time, as the queue stamps it. A worker that was killed leaves its task running for ever; the
# work itself is asked for again by its app, and what must not be missed is named by `pending`.
_LONGEST = timedelta(seconds=30)


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
def story_clock(request: HttpRequest) -> HttpResponse:
    """Tell the story's time, or move it forward to `to`."""
    path = os.environ.get("HENGPING_STORY_CLOCK", "")
    if settings.MODE not in {"demo", "test"} or not path:
        raise Http404
    if request.method == "POST":
        to = _moment(request.POST.get("to", ""))
        if to is None:
            return HttpResponseBadRequest("to: an ISO 8601 moment with its zone", "text/plain")
        with transaction.atomic(), between_ticks():
            if to > clock.now():
                _go_to(Path(path), to)
    now = clock.now()
    seals = ["seals"] if seals_due(now) else []
    waiting = [*trading_pending(now), *bank_pending(now), *seals, *_jobs()]
    return JsonResponse({"now": moment(now), "settled": not waiting, "pending": waiting})


def _jobs() -> list[str]:
    undone = DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.READY)
        | Q(status=TaskResultStatus.RUNNING, started_at__gt=Now() - _LONGEST)
    )
    return sorted(set(undone.values_list("task_path", flat=True)))


def _moment(text: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return told if told.tzinfo else None


def _go_to(path: Path, story: datetime) -> None:
    speed = clock.read_story(path).speed
    clock.write_story(path, clock.StoryClock(real=clock.real_now(), story=story, speed=speed))
