"""What time has made due, in every app, lowest first: the one list the clock goes through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from accounts.services import due as accounts_due
from audit.services import due as audit_due
from bank_escrow.services import due as bank_due
from evaluation.services import due as evaluation_due
from trading.services import due as trading_due

Tick = Callable[[datetime], object]

TICKS: Sequence[tuple[str, Tick]] = (
    ("audit", audit_due.tick),
    ("accounts", accounts_due.tick),
    ("bank_escrow", bank_due.tick),
    ("trading", trading_due.tick),
    ("evaluation", evaluation_due.tick),
)
