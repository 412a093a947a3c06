"""Exact decimals: strict reading, one kind of rounding, plain writing.

Floats never enter. A quotient is taken once and last, so that a value which lies exactly on a
half is still on it when it is rounded; `EXACT` is the context such arithmetic runs in.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

EXACT = Context(
    prec=60,
    rounding=ROUND_HALF_UP,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)

_DECIMAL = re.compile(r"-?[0-9]{1,24}(\.[0-9]{1,12})?", re.ASCII)


class DecimalError(ValueError):
    """A text is not a plain decimal such as `-12.50`."""


def read(text: object) -> Decimal:
    """Read a decimal string; exponents, signs of plus, blanks and numbers are refused."""
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise DecimalError(f"not a decimal string: {text!r}")
    return Decimal(text)


def half_up(value: Decimal, places: int) -> Decimal:
    """Round to so many decimals; a half goes away from zero, as Chinese accounting does."""
    return value.quantize(Decimal(1).scaleb(-places), context=EXACT)


def write(value: Decimal, *, places: int = 0) -> str:
    """Write without exponent, with at least so many decimals and no needless zeros after them."""
    text = format(value, "f")
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(places, "0")
    written = f"{whole}.{fraction}" if fraction else whole
    return written[1:] if written.startswith("-") and not written.strip("-0.") else written
