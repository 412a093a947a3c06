"""The working behind a number, line by line, for the page and the report.

A line has a label (a key the page translates), an expression as one would write it by hand, and
its value. Everything shown is rounded for the eye; nothing shown is calculated with.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.decimals import EXACT, half_up, write


class Label(StrEnum):
    """What a line of working shows."""

    REJECTED = "rejected"
    COUNTED = "counted"
    DROPPED_HIGH = "dropped_high"
    DROPPED_LOW = "dropped_low"
    MEAN = "mean"
    BENCHMARK = "benchmark"
    EVALUATED_PRICE = "evaluated_price"
    DEVIATION = "deviation"
    COST = "cost"
    PRICE_SCORE = "price_score"
    PANEL_RESULT = "panel_result"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of working."""

    label: Label
    expression: str
    value: str

    def body(self) -> dict[str, str]:
        """Return the line as JSON values."""
        return {"label": self.label.value, "expression": self.expression, "value": self.value}


def yuan_of(fen: Decimal) -> str:
    """Write fen, whole or not, as yuan with commas and at least two decimals."""
    whole, _, part = write(fen.scaleb(-2, context=EXACT), places=2).partition(".")
    return f"{int(whole):,}.{part}"


def rounded_yuan_of(fen: Decimal) -> str:
    """Write fen as yuan with commas, rounded to two decimals."""
    return yuan_of(half_up(fen, 0))


def percent_of(value: Decimal) -> str:
    """Write a deviation with its sign and four decimals."""
    return f"{half_up(value, 4):+f} %"
