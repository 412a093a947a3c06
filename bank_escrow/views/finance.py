"""What finance and supervision watch: banks, deposits and movements of unsealed lots."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Role
from accounts.web import requires
from bank_escrow.selectors import finance


@requires(Role.FINANCE, Role.SUPERVISOR)
def monitor(request: HttpRequest) -> HttpResponse:
    """Show each bank up or down, balances, deposits and the latest movements."""
    context = {
        "banks": finance.health(),
        "balances": finance.balances(),
        "deposits": finance.deposits(),
        "feed": finance.feed(),
    }
    return render(request, "bank_escrow/monitor.html", context)
