"""A bidder's pages: its bids, one lot's overview, documents, deposit, building and sealing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.web import current, requires
from trading.selectors.access import own_party


@requires(Role.BIDDER)
@require_GET
def overview(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """Where the firm stands in a lot, and the one thing to do next."""
    party = own_party(current(request), lot)
    return render(request, "trading/bids/overview.html", {"party": party, "lot": party.lot})


@requires(Role.BIDDER)
@require_GET
def result(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """What became of the firm's bid."""
    party = own_party(current(request), lot)
    return render(request, "trading/bids/result.html", {"party": party, "lot": party.lot})
