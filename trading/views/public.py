"""Pages for everybody: home, notices, openings, awards, contracts; no script is needed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.selectors import paper
from accounts.web import public, signed_in
from core import clock
from trading.chips import FAILURES
from trading.models import Opening, Tender
from trading.models.tender import Category, LegalTrack
from trading.selectors import browser_code, notices
from trading.selectors.access import published_lot, published_tender
from trading.selectors.notices import Point
from trading.selectors.tender_data import published_code
from trading.services import parties
from trading.services.opening import ending, record_sheet

PER_PAGE = 20


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Search, today's openings, latest notices, verification."""
    now = clock.now()
    return render(
        request,
        "trading/public/home.html",
        {
            "openings": notices.openings_of_day(now),
            "latest": notices.search(open_only=False)[:8],
            "results": notices.results().order_by("-published_at")[:6],
            "categories": Category.choices,
        },
    )


@public
@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """Find a tender; each chosen filter can be taken off with one click."""
    chosen = {
        "words": request.GET.get("words", "").strip()[:80],
        "track": request.GET.get("track", ""),
        "category": request.GET.get("category", ""),
    }
    only = request.GET.get("open") == "1"
    found = notices.search(**chosen, open_only=only)
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "trading/public/notices.html",
        {
            "page_of": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
            "chosen": chosen,
            "open_only": only,
            "filters": _filters(request, chosen, only=only),
            "tracks": LegalTrack.choices,
            "categories": Category.choices,
            "query": f"{query.urlencode()}&" if query else "",
        },
    )


@public
@require_GET
def notice(request: HttpRequest, *, tender: UUID) -> HttpResponse:
    """One tender: facts, timeline, addenda first, lots, documents, answers."""
    found = published_tender(tender)
    now = clock.now()
    deadline = notices.deadline_of(found)
    who = signed_in(request)
    firm = who.organisation if who is not None and who.has(Role.BIDDER) else None
    own = (
        parties.find_all(
            lot_ids=list(found.lots.values_list("pk", flat=True)), organisation_id=firm.pk
        )
        if firm
        else {}
    )
    return render(
        request,
        "trading/public/notice.html",
        {
            "tender": found,
            **notices.page_of(found),
            "browser_code": published_code(found),
            "points": _points(found, deadline, now),
            "deadline": deadline,
            "is_open": found.state == "PUBLISHED" and deadline is not None and now < deadline,
            "may_join": firm is not None and found.lots.exclude(pk__in=own).exists(),
            "own_lots": set(own),
            "successors": found.successors.exclude(state__in=["DRAFT", "DISCARDED"]),
            "failures": FAILURES,
        },
    )


@public
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The page that seals without this server: download, hash, how to compare."""
    return render(request, "trading/public/offline.html", {"code": browser_code.current()})


@public
@require_GET
def opening_list(request: HttpRequest) -> HttpResponse:
    """Openings whose record is public."""
    found = Paginator(notices.ended_openings(), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "trading/public/openings.html",
        {"page_of": found, "today": notices.openings_of_day(clock.now())},
    )


@public
@require_GET
def opening(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """The read-out of one lot with its record and its evidence."""
    found = published_lot(lot)
    sheet = Opening.objects.select_related("lot__tender").filter(pk=found.pk, stage="END").first()
    if sheet is None:
        raise Http404
    rows = record_sheet.rows(sheet)
    return render(
        request,
        "trading/public/opening.html",
        {
            "opening": sheet,
            "record": paper(sheet.record_pdf),
            "lot": found,
            "rows": rows,
            "objections": record_sheet.body(sheet)["objections"],
            "result": notices.results_of(found).exists(),
            "evidence": _evidence(sheet),
        },
    )


def _evidence(sheet: Opening) -> dict[str, object]:
    """Where the evidence lies: proven against one checkpoint, a witnessed one if there is any."""
    document = reverse("trading:opening-document", kwargs={"lot": sheet.pk})
    found = ending.witnessed(sheet) if sheet.document is not None else None
    if found is None:
        checkpoint = reverse("trading:opening-checkpoint", kwargs={"lot": sheet.pk})
        return {"document": document, "checkpoint": checkpoint, "witnesses": False}
    # Both name the size: a later one of either must not meet an earlier one of the other.
    checkpoint = reverse("audit:checkpoint-at", kwargs={"size": found.size})
    return {
        "document": f"{document}?size={found.size}",
        "checkpoint": checkpoint,
        "witnesses": True,
    }


@public
@require_GET
def award_list(request: HttpRequest) -> HttpResponse:
    """Candidates, awards and failed lots."""
    found = Paginator(notices.results(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "trading/public/awards.html", {"page_of": found, "failures": FAILURES})


@public
@require_GET
def award(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """The result of one lot: candidates with their period, or the winner, or why it failed."""
    found = published_lot(lot)
    told = {row.kind: row for row in notices.results_of(found)}
    if not told:
        raise Http404
    return render(
        request,
        "trading/public/award.html",
        {
            "lot": found,
            "told": told,
            "letter": notices.letter_of(found),
            "failures": FAILURES,
            "now": clock.now(),
            "opening": notices.ended_openings().filter(pk=found.pk).exists(),
        },
    )


@public
@require_GET
def contract_list(request: HttpRequest) -> HttpResponse:
    """Contracts that were signed."""
    found = Paginator(notices.contracts(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "trading/public/contracts.html", {"page_of": found})


def _points(tender: Tender, deadline: datetime | None, now: datetime) -> list[Point]:
    times = [
        (_("发布公告"), tender.published_at),
        (_("发出招标文件"), tender.documents_issued_at),
        (_("投标截止、开标"), deadline),
    ]
    points, reached = [], False
    for name, at in times:
        done = at is not None and at <= now
        state = "done" if done else "" if reached else "now"
        reached = reached or not done
        points.append(Point(name=name, at=at, state=state))
    return points


def _filters(request: HttpRequest, chosen: dict[str, str], *, only: bool) -> list[dict[str, Any]]:
    words = {
        "words": chosen["words"],
        "track": dict(LegalTrack.choices).get(chosen["track"], ""),
        "category": dict(Category.choices).get(chosen["category"], ""),
        "open": _("只看投标中") if only else "",
    }
    filters = []
    for name, shown in words.items():
        if shown:
            rest = request.GET.copy()
            rest.pop(name, None)
            rest.pop("page", None)
            filters.append({"words": shown, "href": f"?{rest.urlencode()}"})
    return filters
