"""Receipts of submitted bids: a page and a PDF for the firm that submitted, and nobody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.web import current, requires
from trading.selectors.bids import own_receipt


@requires(Role.BIDDER)
@require_GET
def receipt(request: HttpRequest, *, receipt: str) -> HttpResponse:
    """The receipt of an own bid, with its fingerprints."""
    bid = own_receipt(current(request), receipt)
    return render(request, "trading/bids/receipt.html", {"bid": bid})
