"""Money is integer fen: read, write in figures, in bank-form capitals, and aloud."""

from __future__ import annotations

from core.decimals import half_up
from core.money.figures import LIMIT_FEN, MoneyError, parse_yuan, plain_yuan, wan, yuan
from core.money.words import says, spoken, uppercase, uppercase_forms

__all__ = [
    "LIMIT_FEN",
    "MoneyError",
    "half_up",
    "parse_yuan",
    "plain_yuan",
    "says",
    "spoken",
    "uppercase",
    "uppercase_forms",
    "wan",
    "yuan",
]
