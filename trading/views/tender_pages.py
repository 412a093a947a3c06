"""Pages of the tender side: the list, the workbench of one tender, its forms."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.web import bound, current, requires
from core import clock
from core.door import BadInput
from core.formulas import evaluate, read_case, write_outcome
from core.money import plain_yuan
from core.verdicts import Refusal
from core.zone import local, local_day
from trading.domain import timeline
from trading.models import HostKey, Tender
from trading.selectors.access import lot_of_side, tender_of_side
from trading.selectors.drafts import criteria_rows, plan_of
from trading.services import publishing
from trading.tender_forms import LotForm, TenderForm, TimelineForm
from trading.words import missing_words

SIDE = (Role.TENDERER, Role.AGENCY)

_TEMPLATE_CRITERIA = [
    {"key": "tech", "title": "技术标", "max": "40", "kind": "judged"},
    {"key": "credit", "title": "资信业绩", "max": "10", "step": "0.5", "kind": "objective"},
    {"key": "price", "title": "报价", "max": "50", "kind": "price"},
]
_TEMPLATE_FORMULA = {
    "T": {"method": "m1", "weight": "50", "params": {"K": "0.97", "E1": "0.9", "E2": "0.6"}},
    "G": {"method": "gov_lowest", "weight": "50", "params": {}},
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
    form = bound(
        request, lambda: TenderForm(initial={"decrypt_minutes": 30, "host_site": "320500"})
    )
    return render(request, "trading/tenders/new.html", {"form": form})


@requires(*SIDE)
@require_GET
def tender(request: HttpRequest, *, tender: UUID) -> HttpResponse:
    """One tender with everything its side can do to it now."""
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
            "timeline_form": TimelineForm(
                initial={
                    "documents_issued_at": _shown(found.documents_issued_at),
                    "deadline_at": _shown(found.deadline_at),
                }
            ),
            "holders": _holders(found),
        },
    )


def edit_page(request: HttpRequest, *, tender: UUID) -> HttpResponse:
    """The head of a draft."""
    found = tender_of_side(current(request), tender)
    initial = {name: getattr(found, name, None) for name in TenderForm.base_fields}
    initial["procuring_entity"] = found.procuring_entity.credit_code
    initial["guest_sites"] = json.dumps(found.guest_sites)
    form = bound(request, lambda: TenderForm(initial=initial))
    return render(request, "trading/tenders/edit.html", {"form": form, "tender": found})


@requires(*SIDE)
@require_GET
def lot(request: HttpRequest, *, tender: UUID, lot: UUID | None = None) -> HttpResponse:
    """One lot: money, criteria, formula, with the simulator beside them."""
    who = current(request)
    found = tender_of_side(who, tender)
    one = lot_of_side(who, tender, lot) if lot else None
    initial: dict[str, Any] = (
        {
            "lot": one.pk,
            "number": one.number,
            "title": one.title,
            "estimate_yuan": plain_yuan(one.estimate_fen),
            "ceiling_yuan": plain_yuan(one.ceiling_fen) if one.ceiling_fen is not None else "",
            "bid_security_yuan": plain_yuan(one.bid_security_fen),
            "price_formula": json.dumps(one.price_formula, ensure_ascii=False),
            "outlier_rule": json.dumps(one.outlier_rule) if one.outlier_rule else "",
            "tie_rule": json.dumps(one.tie_rule),
            "candidates_count": one.candidates_count,
            "criteria": json.dumps(criteria_rows(one), ensure_ascii=False, indent=1),
        }
        if one
        else {
            "number": str(found.lots.count() + 1),
            "price_formula": json.dumps(_TEMPLATE_FORMULA[found.legal_track]),
            "tie_rule": json.dumps(["lower_price"]),
            "candidates_count": 3,
            "criteria": json.dumps(_TEMPLATE_CRITERIA, ensure_ascii=False, indent=1),
        }
    )
    return render(
        request,
        "trading/tenders/lot.html",
        {"form": LotForm(initial=initial), "tender": found, "lot": one},
    )


@requires(*SIDE)
@require_POST
def simulate(request: HttpRequest, *, tender: UUID, lot: UUID) -> JsonResponse:
    """Try the lot's formula on sample bids; nothing is stored."""
    found = lot_of_side(current(request), tender, lot)
    try:
        case = read_case(
            {
                "track": found.tender.legal_track,
                "category": found.tender.category,
                "date": local_day(clock.now()).isoformat(),
                "formula": found.price_formula,
                "ceiling_fen": found.ceiling_fen,
                "bids": json.loads(request.POST.get("bids", "[]")),
            }
        )
        return JsonResponse(write_outcome(evaluate(case)))
    except (BadInput, ValueError) as error:
        raise Refusal("T-021", why=str(error)) from error


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


def _findings(found: Tender, now: datetime) -> list[timeline.Finding]:
    plan = plan_of(found, now=now)
    return timeline.check(plan) if plan else []


def _holders(found: Tender) -> list[str]:
    key = HostKey.objects.filter(tender=found).first()
    return [holder["name"] for holder in key.holders] if key else ["", "", ""]


def _shown(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""
