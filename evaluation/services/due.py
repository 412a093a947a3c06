"""What time has made due in evaluation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.services import messages, todo
from evaluation.domain.lifecycle import PANEL
from evaluation.models import Panel
from evaluation.services import course_tasks, lock_checks, panels, tasks

_ENDED = ("FAILED", "TERMINATED")


def tick(now: datetime) -> None:
    """Dissolve the panels of lots that ended without them; watch over locked scores and tasks."""
    lock_checks.alarm(now)
    with transaction.atomic():
        tasks.settle_sitting(now)
        course_tasks.settle(now)
    due = Panel.objects.filter(state__in=PANEL.sources("dissolve"), lot__state__in=_ENDED)
    for panel_id in due.values_list("pk", flat=True):
        with transaction.atomic():
            _dissolve(panels.locked(panel_id), now=now)


def _dissolve(panel: Panel, *, now: datetime) -> None:
    if panel.lot.state not in _ENDED or not PANEL.can(panel.state, "dissolve"):
        return  # another clock was faster
    for seat in panels.members(panel):
        panels.move_seat(seat, "cancel")
        todo.done(key=f"evaluation.invitation/{seat.pk}", now=now)
        messages.send(
            to=seat.person,
            kind="evaluation.cancelled",
            subject=_("评审已取消"),
            body=_("原定的评审不再进行，请不必前往。"),
            level="act",
            link=reverse("evaluation:invitations"),
            now=now,
        )
    panels.move(panel, "dissolve", actor=panels.SYSTEM, now=now)
    tasks.settle(panel, now=now)
