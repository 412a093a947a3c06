"""The page of one lot of a draft: money, criteria, formula, and the trial on sample bids."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.web import bound, current, requires
from core import clock
from core.door import BadInput
from core.formulas import evaluate, read_case, write_outcome
from core.money import MoneyError, parse_yuan, plain_yuan
from core.verdicts import Refusal
from core.zone import local_day
from trading.domain.procedures import rules_of
from trading.models import Lot, Tender
from trading.selectors.access import lot_of_side, tender_of_side
from trading.selectors.drafts import criteria_rows
from trading.tender_forms import LotForm
from trading.words import method_words

SIDE = (Role.TENDERER, Role.AGENCY)

_TEMPLATE_CRITERIA = [
    {"key": "tech", "title": _("技术标"), "max": "40", "kind": "judged"},
    {"key": "credit", "title": _("资信业绩"), "max": "10", "step": "0.5", "kind": "objective"},
    {"key": "price", "title": _("报价"), "max": "50", "kind": "price"},
]
_TEMPLATE_FORMULA = {
    "T": {"method": "m1", "weight": "50", "params": {"K": "0.97", "E1": "0.9", "E2": "0.6"}},
    "G": {"method": "gov_lowest", "weight": "50", "params": {}},
}


def lot_page(request: HttpRequest, *, tender: UUID, lot: UUID | None = None) -> HttpResponse:
    """One lot: money, criteria, formula, with the simulator beside them."""
    who = current(request)
    found = tender_of_side(who, tender)
    form = bound(request, LotForm)
    told = lot or (form.cleaned_data.get("lot") if form.is_bound else None)
    one = lot_of_side(who, tender, told) if told else None
    rules = rules_of(found.legal_track, found.procedure)
    if not form.is_bound:
        form = LotForm(request.POST or None, initial=_written(one) if one else _fresh(found))
    return render(
        request,
        "trading/tenders/lot.html",
        {
            "form": form,
            "tender": found,
            "lot": one,
            "methods": json.dumps({name: str(method_words(name)) for name in rules.methods}),
        },
    )


lot = requires(*SIDE)(require_GET(lot_page))


@requires(*SIDE)
@require_POST
def simulate(request: HttpRequest, *, tender: UUID, lot: UUID | None = None) -> JsonResponse:
    """Try a formula on sample bids, as it is typed or else as the lot has it; nothing is stored."""
    found = tender_of_side(current(request), tender)
    one = lot_of_side(current(request), tender, lot) if lot else None
    try:
        case = read_case(
            {
                "track": found.legal_track,
                "category": found.category,
                "date": local_day(clock.now()).isoformat(),
                "formula": _sent(request, "price_formula") or (one.price_formula if one else {}),
                "ceiling_fen": _ceiling(request, one),
                "bids": _sent(request, "bids") or [],
            }
        )
        return JsonResponse(write_outcome(evaluate(case)))
    except (BadInput, MoneyError, ValueError) as error:
        raise Refusal("T-021", why=getattr(error, "pointer", "") or _("不能解读")) from error


def _sent(request: HttpRequest, name: str) -> Any:
    return json.loads(request.POST.get(name) or "null")


def _ceiling(request: HttpRequest, one: Lot | None) -> int | None:
    typed = request.POST.get("ceiling_yuan")
    if typed is None:
        return one.ceiling_fen if one else None
    return parse_yuan(typed) if typed.strip() else None


def _fresh(found: Tender) -> dict[str, Any]:
    return {
        "number": str(found.lots.count() + 1),
        "price_formula": json.dumps(_TEMPLATE_FORMULA[found.legal_track]),
        "tie_rule": json.dumps(["lower_price"]),
        "candidates_count": 3,
        "criteria": json.dumps(
            _TEMPLATE_CRITERIA, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder
        ),
    }


def _written(one: Lot) -> dict[str, Any]:
    return {
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
        "max_lots_won": one.max_lots_won,
        "criteria": json.dumps(criteria_rows(one), ensure_ascii=False, indent=1),
    }
