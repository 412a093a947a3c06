"""What time or a signature has made due at the banks and nobody has done yet."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from bank_escrow import adapters
from bank_escrow.domain import serials
from bank_escrow.domain.lifecycle import OPEN_AT_BANK
from bank_escrow.models import Bank, Instruction


def pending(now: datetime) -> list[str]:
    """Name the kinds of due work; empty when all is done that can be done now.

    What a stopped bank leaves lying is not due: people have to look first. One that does not
    answer is waited for.
    """
    state = Instruction.State
    signed = Q(state=state.APPROVED) & (Q(needs_release=False) | ~Q(releaser=""))
    orders = Instruction.objects.filter(bank__in=_sending(now))
    checks = {
        "refunds": orders.filter(signed | Q(state__in=[state.QUEUED, state.SENDING])),
        "queries": orders.filter(state__in=sorted(OPEN_AT_BANK), next_query_at__lte=now),
    }
    return [name for name, rows in checks.items() if rows.exists()]


def _sending(now: datetime) -> list[str]:
    """Return the banks that take orders now."""
    going = Bank.objects.filter(stopped_at__isnull=True, code__in=adapters.codes())
    found = []
    for code in going.values_list("code", flat=True):
        profile = adapters.profile_for(code)
        if not serials.near_switch(now, switches_at=profile.day_switches_at, quiet=profile.quiet):
            found.append(code)
    return found
