"""Pages of the tender side: the list, the workbench of one tender, its forms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.web import bound, current, requires
from core import clock
from core.zone import local
from trading.domain import timeline
from trading.models import HostKey, SealingSuite, Tender
from trading.selectors import browser_code
from trading.selectors.access import tender_of_side
from trading.selectors.drafts import plan_of
from trading.services import publishing
from trading.tender_forms import TenderForm, TimelineForm
from trading.words import missing_words

SIDE = (Role.TENDERER, Role.AGENCY)
_DEFAULTS = (
    "must_tender",
    "state_funded",
    "decrypt_minutes",
    "objection_minutes",
    "confirm_minutes",
)

# Where on the page an act's form stands, for the way back to it when it was refused.
_PLACES = {
    "timeline": "times",
    "document-add": "documents",
    "room": "room",
    "publish": "publish",
    "answer-enquiry": "enquiries",
    "amend": "amend",
    "suspend": "course",
    "resume": "course",
    "terminate": "course",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the checklist."""

    title: str
    href: str
    chip: str
    hint: str = ""


@requires(*SIDE)
@require_GET
def tender_list(request: HttpRequest) -> HttpResponse:
    """Every tender of the organisation, newest first."""
    firm = current(request).organisation
    assert firm is not None  # both roles are held for an organisation
    found = (
        Tender.objects.filter(Q(procuring_entity=firm) | Q(agency=firm))
        .exclude(state="DISCARDED")
        .prefetch_related("lots")
        .order_by("-created_at", "pk")
    )
    return render(request, "trading/tenders/list.html", {"tenders": found})


def new_page(request: HttpRequest) -> HttpResponse:
    """Begin a tender."""
    blank = Tender()
    initial = {name: getattr(blank, name) for name in _DEFAULTS}
    form = bound(request, lambda: TenderForm(initial=initial))
    return render(request, "trading/tenders/new.html", {"form": form})


def tender_page(request: HttpRequest, *, tender: UUID, **_place: object) -> HttpResponse:
    """One tender with everything its side can do to it now; a refused act keeps what was typed."""
    found = tender_of_side(current(request), tender)
    now = clock.now()
    gaps = publishing.missing(found, now=now) if found.state == "DRAFT" else []
    return render(
        request,
        "trading/tenders/tender.html",
        {
            "tender": found,
            "tasks": _tasks(found, {gap.code for gap in gaps}),
            "gaps": [missing_words(gap) for gap in gaps],
            "lots": found.lots.prefetch_related("criteria"),
            "host_key": HostKey.objects.filter(tender=found).first(),
            "findings": _findings(found, now),
            "document_sets": found.document_sets.prefetch_related("documents").order_by("-version"),
            "enquiries": found.enquiries.order_by("state", "asked_at"),
            "timeline_form": bound(request, lambda: TimelineForm(initial=_times(found))),
            "holders": _holders(found),
            "suites": SealingSuite.choices,
            "clauses": _clauses(found),
            "failed": found.lots.filter(state__in=["FAILED", "TERMINATED"]).exists(),
            "successors": found.successors.order_by("attempt_no"),
            "unanswered": found.enquiries.exclude(state="ANSWERED").count(),
            "browser_code": browser_code.current(),
            "typed": request.POST,
            "place": _PLACES.get(getattr(request.resolver_match, "url_name", "")),
        },
    )


tender = requires(*SIDE)(require_GET(tender_page))


def edit_page(request: HttpRequest, *, tender: UUID) -> HttpResponse:
    """The head of a draft."""
    found = tender_of_side(current(request), tender)
    initial = {name: getattr(found, name, None) for name in TenderForm.base_fields}
    initial["procuring_entity"] = found.procuring_entity.credit_code
    form = bound(request, lambda: TenderForm(initial=initial))
    return render(request, "trading/tenders/edit.html", {"form": form, "tender": found})


def _tasks(found: Tender, gaps: set[str]) -> list[Task]:
    """The nine steps from a draft to its notice."""

    def task(title: str, anchor: str, *codes: str) -> Task:
        open_ = any(gap.startswith(codes) for gap in gaps)
        return Task(title=title, href=f"#{anchor}", chip="todo" if open_ else "done")

    if found.state != "DRAFT":
        return []
    return [
        task(_("标段、评分办法与报价公式"), "lots", "NO_LOT", "LOT_"),
        task(_("时间安排"), "times", "NO_TIMES", "TIME_"),
        task(_("招标文件"), "documents", "NO_DOCUMENT"),
        task(_("招标人密钥与试装"), "host-key", "NO_HOST_KEY", "HOST_KEY_"),
        task(_("预约开标室"), "room", "NO_ROOM"),
        Task(
            title=_("签名并发布"),
            href="#publish",
            chip="todo" if not gaps else "draft",
            hint="" if not gaps else _("还差 %(count)s 项") % {"count": len(gaps)},
        ),
    ]


def _times(found: Tender) -> dict[str, str]:
    return {
        "documents_issued_at": _shown(found.documents_issued_at),
        "deadline_at": _shown(found.deadline_at),
    }


def _clauses(found: Tender) -> str:
    """Return the clauses an addendum has changed before, for the form to quote."""
    latest = found.document_sets.order_by("-version").first()
    return json.dumps(latest.content if latest else {}, ensure_ascii=False)


def _findings(found: Tender, now: datetime) -> list[timeline.Finding]:
    plan = plan_of(found, now=now)
    return timeline.check(plan) if plan else []


def _holders(found: Tender) -> list[str]:
    key = HostKey.objects.filter(tender=found).first()
    return [holder["name"] for holder in key.holders] if key else ["", "", ""]


def _shown(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""
