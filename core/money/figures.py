"""Amounts in figures: what people type, and how we write it."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from core.decimals import EXACT, half_up

# One hundred thousand times a city's yearly volume, and far inside a database bigint.
LIMIT_FEN = 10**18

_SCALE = {"": 100, "元": 100, "万": 10**6, "万元": 10**6, "亿": 10**10, "亿元": 10**10}
_AMOUNT = re.compile(
    r"¥?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,19})(?:\.(?P<part>[0-9]{1,12}))?"
    r"(?P<unit>亿元|万元|亿|万|元)?",
    re.ASCII,
)


class MoneyError(ValueError):
    """A text is not an amount, or an amount cannot be written as asked."""


def parse_yuan(text: str) -> int:
    """Read an amount in yuan (or 万元, 亿元) and return fen.

    Full-width digits, a currency sign and blanks are forgiven; a comma in the wrong place, a
    sign or a piece of a fen is not, because it may mean another amount than it seems to.
    """
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    match = _AMOUNT.fullmatch(folded)
    if match is None:
        raise MoneyError(f"not an amount: {text!r}")
    number = Decimal(f"{match['whole'].replace(',', '')}.{match['part'] or '0'}")
    fen = EXACT.multiply(number, Decimal(_SCALE[match["unit"] or ""]))
    if fen != fen.to_integral_value():
        raise MoneyError(f"smaller than one fen: {text!r}")
    if fen >= LIMIT_FEN:
        raise MoneyError(f"too large: {text!r}")
    return int(fen)


def yuan(fen: int) -> str:
    """Write yuan with commas and two decimals: `33,663,580.16`."""
    return _write(fen, ",")


def plain_yuan(fen: int) -> str:
    """Write yuan with two decimals and no commas, for files and forms: `33663580.16`."""
    return _write(fen, "")


def wan(fen: int) -> str:
    """Write units of ten thousand yuan, rounded half up to two decimals: `3,366.36`."""
    return f"{half_up(Decimal(_whole(fen)).scaleb(-6, context=EXACT), 2):,f}"


def _write(fen: int, comma: str) -> str:
    whole, part = divmod(abs(_whole(fen)), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:{comma}}.{part:02d}"


def _whole(fen: int) -> int:
    # A bool or a float here is a bug upstream that would print as a plausible amount.
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise MoneyError(f"fen are integers, not {type(fen).__name__}")
    return fen
