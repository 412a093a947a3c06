"""Our own books, read at a fixed cadence: out of books that do not hold no bank pays anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q

from bank_escrow.models import Bank, Break
from bank_escrow.services.breaks import open_break
from bank_escrow.services.check import Answer, check
from core.clock import real_now

CHECK_EVERY: Final = timedelta(minutes=5)
# The source of a ledger's break is an invariant: named by its code, the same each time.
_INVARIANTS: Final = UUID("6f0c6a0a-5a0f-4c1e-9a5c-3d3a2f1b7e60")


def check_if_due(now: datetime) -> None:
    """Check the books every five real minutes, however many clocks ask and fast a story runs."""
    real = real_now()
    old = Q(books_checked_at__isnull=True) | Q(books_checked_at__lte=real - CHECK_EVERY)
    if Bank.objects.filter(old).update(books_checked_at=real):
        stop_unless_sound(check(), now=now)


@transaction.atomic
def stop_unless_sound(answers: list[Answer], *, now: datetime) -> bool:
    """Open a critical break at every bank for each invariant that does not hold; say if all do."""
    broken = [answer for answer in answers if not answer.holds]
    for answer in broken:
        for code in Bank.objects.order_by("code").values_list("code", flat=True):
            open_break(
                bank=code,
                kind=Break.Kind.LEDGER,
                source_id=uuid5(_INVARIANTS, answer.code),
                critical=True,
                now=now,
                facts={"invariant": answer.code, "broken": answer.broken},
            )
    return not broken
