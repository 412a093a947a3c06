"""Asking about the documents, and objecting to them: every rule that needs no query."""

from __future__ import annotations

from datetime import datetime

from accounts.web import cited
from core.law import PERIODS
from core.verdicts import ALLOWED, Verdict, refuse
from core.workdays.periods import enough_before
from core.zone import local_day
from trading.models import Tender


def may_ask(*, tender: Tender, deadline_at: datetime | None, now: datetime) -> Verdict:
    """Say whether questions are taken: while the tender runs, before its first deadline."""
    if tender.state != "PUBLISHED" or deadline_at is None or now >= deadline_at:
        return refuse("T-040")
    return ALLOWED


def may_object(*, tender: Tender, deadline_at: datetime | None, now: datetime) -> Verdict:
    """Say whether an objection to the documents still comes in time (TBR Art. 22)."""
    rule = PERIODS["objection_before_deadline"].find(on=local_day(now), track=tender.legal_track)
    if rule is None or deadline_at is None:
        return ALLOWED
    if enough_before(act_at=now, deadline_at=deadline_at, days=int(rule.value)):
        return ALLOWED
    return refuse("T-041", days=rule.value, article=cited(rule.article.zh))
