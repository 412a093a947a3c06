"""Breaks: what does not agree is written down, and the gravest stop the bank."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from audit.services import record
from bank_escrow.events import BankStarted, BankStopped, BreakOpened, BreakResolved
from bank_escrow.models import Bank, Break
from core.verdicts import Refusal

SYSTEM = "system:escrow"


@transaction.atomic
def open_break(
    *,
    bank: str,
    kind: Break.Kind,
    source_id: UUID,
    critical: bool,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> Break:
    """Write down that something does not agree; a critical one stops the bank's sending.

    `facts` hold codes and sums, never names: a break may concern a lot nobody may look into.
    """
    found, created = Break.objects.get_or_create(
        bank_id=bank,
        kind=kind,
        source_id=source_id,
        resolved_at=None,
        defaults={
            "id": uuid4(),
            "critical": critical,
            "facts": facts or {},
            "owner": "finance",
            "opened_at": now,
        },
    )
    if created:
        record(
            stream=f"account/{found.id}",
            event=BreakOpened(kind=kind.value, critical=critical),
            actor=SYSTEM,
            now=now,
        )
    if critical:
        stop_bank(bank, why=kind.value, actor=SYSTEM, now=now)
    return found


@transaction.atomic
def resolve_break(*, break_id: UUID, resolution: str, actor: str, now: datetime) -> None:
    """Settle a break with a reason that stays."""
    found = Break.objects.select_for_update().filter(pk=break_id, resolved_at=None).first()
    if found is None:
        raise Refusal("M-404")
    found.resolved_at, found.resolution = now, resolution
    found.save(update_fields=["resolved_at", "resolution"])
    record(
        stream=f"account/{found.id}",
        event=BreakResolved(kind=found.kind, resolution=resolution),
        actor=actor,
        now=now,
    )


@transaction.atomic
def stop_bank(code: str, *, why: str, actor: str, now: datetime) -> None:
    """Stop sending to a bank. Stopping is safer than going on.

    The row is locked even if it says stopped: whoever is about to start the bank has it.
    """
    Bank.objects.select_for_update(no_key=True).filter(code=code).first()
    stopped = Bank.objects.filter(code=code, stopped_at__isnull=True).update(
        stopped_at=now, stopped_why=why
    )
    if stopped:
        record(stream="access", event=BankStopped(bank=code, why=why), actor=actor, now=now)


@transaction.atomic
def start_bank(code: str, *, actor: str, now: datetime) -> None:
    """Let sending go on after people looked; two of them, see `proposals`."""
    started = Bank.objects.filter(code=code, stopped_at__isnull=False).update(
        stopped_at=None, stopped_why=""
    )
    if started:
        record(stream="access", event=BankStarted(bank=code), actor=actor, now=now)
