"""Published tenders as the public searches and reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Prefetch, Q, QuerySet

from accounts.selectors import Paper, paper
from core.zone import at, local_day
from trading.models import Amendment, Award, Enquiry, Lot, Notice, Opening, Tender

SHOWN = ("PUBLISHED", "SUSPENDED", "TERMINATED", "COMPLETED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a tender's timeline: `state` is done, now or empty."""

    name: str
    at: datetime | None
    state: str


def search(
    *, words: str = "", track: str = "", category: str = "", site: str = "", open_only: bool
) -> QuerySet[Tender]:
    """Return published tenders, newest first."""
    found = Tender.objects.filter(state__in=SHOWN).select_related("procuring_entity")
    if words:
        found = found.filter(
            Q(title__icontains=words)
            | Q(code__icontains=words)
            | Q(procuring_entity__name__icontains=words)
        )
    if track:
        found = found.filter(legal_track=track)
    if category:
        found = found.filter(category=category)
    if site:
        found = found.filter(host_site=site)
    if open_only:
        found = found.filter(lots__state="SUBMISSION").distinct()
    return found.prefetch_related("lots").order_by("-published_at", "pk")


def openings_of_day(now: datetime) -> QuerySet[Opening]:
    """Return the openings whose hour is today, by time."""
    start = at(local_day(now))
    return (
        Opening.objects.select_related("lot__tender__procuring_entity")
        .filter(lot__deadline_at__gte=start, lot__deadline_at__lt=start + timedelta(days=1))
        .exclude(lot__state__in=["DRAFT", "DISCARDED"])
        .order_by("lot__deadline_at", "lot__code")
    )


def ended_openings() -> QuerySet[Opening]:
    """Return the openings whose record is public, newest first."""
    return (
        Opening.objects.select_related("lot__tender__procuring_entity")
        .filter(ended_at__isnull=False, stage="END")
        .order_by("-ended_at", "pk")
    )


def results() -> QuerySet[Notice]:
    """Return the notices of results: candidates, awards, failures, newest first."""
    return Notice.objects.select_related("tender", "lot").filter(
        kind__in=["candidates", "award", "failed"], lot__isnull=False
    )


def results_of(lot: Lot) -> QuerySet[Notice]:
    """Return what was published of one lot after its opening, in order."""
    kinds = ["candidates", "award", "failed", "contract"]
    return Notice.objects.filter(lot=lot, kind__in=kinds).order_by("published_at")


def contracts() -> QuerySet[Notice]:
    """Return the published contracts, newest first."""
    return Notice.objects.select_related("tender", "lot").filter(kind="contract")


def page_of(tender: Tender) -> dict[str, Any]:
    """Return what the page of one tender shows beside its own fields."""
    return {
        "lots": Lot.objects.filter(tender=tender).prefetch_related("criteria"),
        "amendments": Amendment.objects.filter(tender=tender)
        .select_related("notice")
        .order_by("-at"),
        "notices": Notice.objects.filter(tender=tender).select_related("lot"),
        "answers": Enquiry.objects.filter(tender=tender, state="ANSWERED"),
        "document_sets": tender.document_sets.filter(issued_at__isnull=False)
        .prefetch_related(Prefetch("documents"))
        .order_by("-version"),
    }


def deadline_of(tender: Tender) -> datetime | None:
    """Return the earliest deadline of a tender's lots."""
    found: datetime | None = tender.lots.aggregate(first=Min("deadline_at"))["first"]
    return found


def letter_of(lot: Lot) -> Paper | None:
    """Return the award notice (中标通知书) of a lot as it is handed out now."""
    made = Award.objects.filter(lot=lot).exclude(notice_pdf="").first()
    return paper(made.notice_pdf) if made else None
