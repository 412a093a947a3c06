"""Interest on returned securities and the fee for returning them late.

Rates are dated configuration of the centre and are passed in; only the way of reckoning and the
surcharge of the law stand here. A year has 360 days, as banks reckon demand deposits.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.decimals import EXACT, half_up
from core.law import AMOUNTS

_YEAR = 360


def interest_fen(principal_fen: int, *, annual_rate: Decimal, days: int) -> int:
    """Return principal × rate × days / 360 in fen, rounded half up once."""
    if principal_fen < 0 or days < 0 or annual_rate < 0:
        raise ValueError("principal, rate and days are never negative")
    product = EXACT.multiply(Decimal(principal_fen * days), annual_rate)
    return int(half_up(EXACT.divide(product, Decimal(_YEAR)), 0))


def days_of_interest(*, since: date, until: date) -> int:
    """Count the days money lay: the first day counts, the last does not (算头不算尾)."""
    return max(0, (until - since).days)


def late_refund_fee_fen(principal_fen: int, *, base_rate: Decimal, days: int, on: date) -> int:
    """Return the occupation fee of track G for a security returned so many days too late.

    MOF order 87 Art. 38: the central bank's loan base rate, raised by a fifth.
    """
    surcharge = AMOUNTS["late_refund_surcharge"].get(on=on, track="G")
    rate = EXACT.multiply(base_rate, EXACT.add(Decimal(1), Decimal(surcharge.value)))
    return interest_fen(principal_fen, annual_rate=rate, days=days)
