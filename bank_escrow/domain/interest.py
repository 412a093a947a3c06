"""Interest on a deposit: the bank pays it, this rule checks what the bank paid.

招标投标法实施条例 art. 57: the refund comes with 银行同期存款利息. The rate is the demand-deposit
rate of the bank, dated; a year has 360 days; the first day counts, the last does not; rounding
happens once, at the end (`bank.md` §6: rounding daily gives another sum).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from core.decimals import EXACT, half_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """An annual rate from a day on, as a fraction: 0.35 % is `Decimal("0.0035")`."""

    valid_from: date
    annual: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How days become money; a field, not a constant, because banks' contracts differ."""

    version: str
    year_days: int


DEMAND_DEPOSIT = Rule(version="demand-360/1", year_days=360)


def accrued(
    principal_fen: int,
    *,
    since: date,
    until: date,
    rates: Sequence[Rate],
    rule: Rule = DEMAND_DEPOSIT,
) -> int:
    """Return the interest in fen from the value date to the day of the refund.

    Raises `LookupError` when no rate covers the first day: a missing rate is not a zero rate.
    """
    if until < since:
        raise ValueError("interest runs forward")
    products = sum((rate.annual * days for rate, days in _pieces(since, until, rates)), Decimal(0))
    exact = EXACT.divide(EXACT.multiply(Decimal(principal_fen), products), Decimal(rule.year_days))
    return int(half_up(exact, 0))


def _pieces(since: date, until: date, rates: Sequence[Rate]) -> list[tuple[Rate, int]]:
    ordered = sorted(rates, key=lambda rate: rate.valid_from)
    if not ordered or ordered[0].valid_from > since:
        raise LookupError(f"no rate for {since}")
    ends = [later.valid_from for _, later in pairwise(ordered)] + [date.max]
    pieces = [
        (rate, (min(end, until) - max(rate.valid_from, since)).days)
        for rate, end in zip(ordered, ends, strict=True)
    ]
    return [(rate, days) for rate, days in pieces if days > 0]
