"""The formulas of the handbook once more, in fractions and sharing no line with the product."""

from __future__ import annotations

from fractions import Fraction


def half_up(value, places):
    scaled = value * 10**places
    whole = (2 * abs(scaled) + 1) // 2
    return Fraction(whole if scaled >= 0 else -whole, 10**places)


def mean_benchmark(prices, *, k, trim, control=None):
    """D in yuan: M1, or M2 when control is (B, K2, Q1, Q2)."""
    prices = sorted(prices)
    if trim and len(prices) >= trim["from"]:
        for _ in range(trim["high"]):
            prices.remove(max(prices))
        for _ in range(trim["low"]):
            prices.remove(min(prices))
    d = Fraction(sum(prices), 100 * len(prices)) * k
    if control:
        price, k2, q1, q2 = control
        d = d * q1 + Fraction(price, 100) * k2 * q2
    return half_up(d, 2)


def deviation_score(price, d, *, e1, e2, weight):
    dev = (Fraction(price, 100) - d) / d * 100
    cost = dev * e1 if dev > 0 else -dev * e2
    return half_up(Fraction(weight) / 100 * max(Fraction(0), 100 - cost), 2)


def lowest_score(price, all_prices, weight):
    return half_up(min(all_prices) / price * weight, 2)


def trimmed(values, *, high, low, at_least):
    values = sorted(values)
    kept = values[low : len(values) - high] if len(values) >= at_least else values
    return half_up(sum(kept) / len(kept), 2)
