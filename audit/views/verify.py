"""The check of a receipt, open to everybody and working without scripts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from audit.forms import ReceiptForm
from audit.selectors import check_receipt
from audit.services.keys import log_key
from audit.views.doors import public
from core.verdicts import Reason
from sealing.errors import SealingError


@public
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """Take a receipt in, say what it is worth, keep nothing of it."""
    brought = request.method == "POST"
    form = ReceiptForm(request.POST, request.FILES) if brought else ReceiptForm()
    facts: dict[str, object] = {"form": form}
    if form.is_valid():
        try:
            facts["checked"] = check_receipt(form.cleaned_data["receipt"], log_key=log_key())
        except SealingError:
            facts["refused"] = Reason("X-422")
    wrong = "refused" in facts or bool(form.errors)
    return render(request, "audit/verify.html", facts, status=422 if wrong else 200)
