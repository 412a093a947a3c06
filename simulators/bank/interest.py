"""Demand-deposit interest: exact by pieces of the rate table, rounded once, half up, to fen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from simulators.bank.profiles import Rate


def interest(
    principal_fen: int, *, since: date, until: date, rates: Sequence[Rate], basis: int
) -> int:
    """Return the interest of `principal_fen` from `since` (counted) to `until` (not counted)."""
    earned = Fraction(0)
    ordered = sorted(rates, key=lambda rate: rate.valid_from)
    for number, rate in enumerate(ordered):
        ends = ordered[number + 1].valid_from if number + 1 < len(ordered) else until
        days = (min(until, ends) - max(since, rate.valid_from)).days
        if days > 0:
            earned += principal_fen * Fraction(rate.annual) * days / basis
    return int(earned + Fraction(1, 2))
