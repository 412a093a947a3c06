"""Check a tender's plan against the law's periods, line by line, with the earliest lawful day.

The clock of every forward period starts when the documents are issued (domain handbook §0.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from core.law import PERIODS, Rule, earliest_deadline_after_amendment, earliest_deadline_day
from core.workdays import PUBLISHED, Calendar, first_open_day, open_for_business
from core.workdays.periods import enough_working_days
from core.zone import at, local, local_day

# Customary opening hours, offered as proposals; any minute of the working day can be booked.
SLOTS = (time(9, 0), time(9, 30), time(10, 0), time(13, 30), time(14, 0))
FIRST_OPENING, LAST_OPENING = time(8, 30), time(17, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The times of a tender before publication."""

    track: str
    procedure: str
    must_tender: bool
    published_at: datetime
    documents_issued_at: datetime
    deadline_at: datetime
    #: The hour once planned for the documents has passed: they go out with the notice.
    issued_with_notice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's verdict: its code, whether it holds, the article, what would be lawful."""

    code: str
    ok: bool
    article: str
    days: int | None = None
    found: int | None = None
    earliest: datetime | None = None
    provisional: bool = False


def check(plan: Plan, *, calendar: Calendar = PUBLISHED) -> list[Finding]:
    """Return every finding, lawful ones too, so that the author sees what was looked at.

    A deadline that has passed, or comes before the documents, is told alone: no period can be
    counted towards it.
    """
    ahead = _deadline_ahead(plan, calendar)
    if not ahead.ok:
        return [ahead]
    findings = [
        ahead,
        _documents_not_before_notice(plan),
        _issue_to_deadline(plan, calendar),
        _sale(plan, calendar),
        _bookable(plan, calendar),
    ]
    return [finding for finding in findings if finding is not None]


def is_lawful(findings: list[Finding]) -> bool:
    """Tell whether nothing stands against the plan."""
    return all(finding.ok for finding in findings)


def check_amendment(
    *,
    track: str,
    procedure: str,
    amended_at: datetime,
    deadline_at: datetime,
    calendar: Calendar = PUBLISHED,
) -> Finding:
    """Check that an addendum leaves the time it needs, instant by instant (TBL Art. 23)."""
    least = earliest_deadline_after_amendment(
        amended_at, track=track, procedure=procedure, calendar=calendar
    )
    return Finding(
        code="AMENDMENT",
        ok=deadline_at >= least.at,
        article=_article(least.rule),
        days=int(least.rule.value) if least.rule else None,
        found=(deadline_at - amended_at).days,
        earliest=next_slot(least.at, calendar=calendar),
        provisional=least.provisional,
    )


def next_slot(moment: datetime, *, calendar: Calendar = PUBLISHED) -> datetime:
    """Return the first customary opening hour at or after an instant."""
    day = first_open_day(local_day(moment), calendar=calendar)
    while True:
        for slot in SLOTS:
            candidate = at(day, slot.hour, slot.minute)
            if candidate >= moment:
                return candidate
        day = first_open_day(_next(day), calendar=calendar)


def _deadline_ahead(plan: Plan, calendar: Calendar) -> Finding:
    begin = max(plan.published_at, plan.documents_issued_at)
    ok = plan.deadline_at > begin
    earliest = None
    if not ok:
        period = _issue_to_deadline(plan, calendar)
        earliest = (period and period.earliest) or next_slot(begin, calendar=calendar)
    return Finding(code="DEADLINE_AHEAD", ok=ok, article="", earliest=earliest)


def _documents_not_before_notice(plan: Plan) -> Finding:
    return Finding(
        code="ISSUE_WITH_NOTICE" if plan.issued_with_notice else "ISSUE_AFTER_NOTICE",
        ok=plan.documents_issued_at >= plan.published_at,
        article="",
        earliest=plan.published_at,
    )


def _issue_to_deadline(plan: Plan, calendar: Calendar) -> Finding | None:
    issued, due = local_day(plan.documents_issued_at), local_day(plan.deadline_at)
    least = earliest_deadline_day(
        issued,
        track=plan.track,
        procedure=plan.procedure,
        must_tender=plan.must_tender,
        calendar=calendar,
    )
    if least.rule is None:
        return None
    return Finding(
        code="ISSUE_TO_DEADLINE",
        ok=due >= least.day,
        article=_article(least.rule),
        days=int(least.rule.value),
        found=(due - issued).days,
        earliest=at(least.bookable, SLOTS[1].hour, SLOTS[1].minute),
        provisional=least.provisional,
    )


def _sale(plan: Plan, calendar: Calendar) -> Finding | None:
    issued, due = local_day(plan.documents_issued_at), local_day(plan.deadline_at)
    rule = PERIODS["document_sale"].find(on=issued, track=plan.track, procedure=plan.procedure)
    if rule is None:
        return None
    days = int(rule.value)
    if rule.unit.value == "working_days":
        ok = enough_working_days(start=issued, end=due, days=days, calendar=calendar)
    else:
        ok = (due - issued).days >= days
    return Finding(
        code="DOCUMENT_SALE",
        ok=ok,
        article=_article(rule),
        days=days,
        found=(due - issued).days,
    )


def _bookable(plan: Plan, calendar: Calendar) -> Finding:
    day, clock = local_day(plan.deadline_at), local(plan.deadline_at)
    in_hours = FIRST_OPENING <= clock.time() <= LAST_OPENING
    ok = open_for_business(day, calendar=calendar) and in_hours
    return Finding(
        code="BOOKABLE",
        ok=ok,
        article="",
        earliest=next_slot(plan.deadline_at, calendar=calendar),
        provisional=calendar.spans_provisional(day, day),
    )


def _article(rule: Rule | None) -> str:
    return str(rule.article) if rule is not None else ""


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
