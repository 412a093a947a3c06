"""The host key's last rehearsal, on the desks of the tender's side.

In the last day before the deadline two holders prove once more that their files open what was
sealed to the key (`services.host_keys`): a file that was lost since the publication is then met
while there is time to fetch the third.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Todo
from accounts.services import todo
from trading.models import Tender

BEFORE = timedelta(hours=24)
_KEY = "trading.host-key/"


def settle(now: datetime) -> None:
    """Open the lines that are wanted and missing, and end those that are not wanted any more."""
    wanted = {f"{_KEY}{tender.pk}": (tender, deadline) for tender, deadline in _untested(now)}
    there = Todo.objects.filter(key__startswith=_KEY, done_at__isnull=True)
    known = set(there.values_list("key", flat=True))
    for key in known.difference(wanted):
        todo.done(key=key, now=now)
    for key, (tender, deadline) in wanted.items():
        if key in known:
            continue
        for owner in _side(tender):
            todo.add(
                to=owner,
                key=key,
                text=format_lazy(_("开标前再试装一次密钥：{title}"), title=tender.title),
                link=reverse("trading:tender", kwargs={"tender": tender.pk}) + "#host-key",
                due_at=deadline,
                now=now,
            )


def _untested(now: datetime) -> list[tuple[Tender, datetime]]:
    """Return tenders whose deadline is within a day, with it, and whose key was not tried since."""
    ahead = Q(lots__state="SUBMISSION", lots__deadline_at__gt=now)
    tenders = (
        Tender.objects.filter(state="PUBLISHED")
        .select_related("host_key", "procuring_entity", "agency")
        .annotate(next_deadline=Min("lots__deadline_at", filter=ahead))
        .filter(next_deadline__lte=now + BEFORE)
    )
    return [
        (tender, tender.next_deadline)
        for tender in tenders
        if tender.host_key.retested_at is None
        or tender.host_key.retested_at < tender.next_deadline - BEFORE
    ]


def _side(tender: Tender) -> list[Organisation]:
    return [tender.procuring_entity, *([tender.agency] if tender.agency else [])]
