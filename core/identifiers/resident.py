"""Resident identity numbers (GB 11643).

The whole number is personal: it is stored encrypted, searched by hash and shown by its last four
characters only. Nothing here stores it.
"""

from __future__ import annotations

import re
from datetime import date

_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def resident_check(body: str) -> str:
    """Return the 18th character for the first seventeen figures."""
    if not re.fullmatch(r"[0-9]{17}", body, re.ASCII):
        raise ValueError("seventeen figures are wanted")
    total = sum(int(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def is_resident_id(number: str) -> bool:
    """Say whether the text is a well-formed number with a real birthday and the right check."""
    if not _SHAPE.fullmatch(number) or born(number) is None:
        return False
    return resident_check(number[:17]) == number[17]


def born(number: str) -> date | None:
    """Return the birthday inside a number, or nothing where there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def make_resident_id(*, region: str, birthday: date, serial: int) -> str:
    """Return a valid number; a city-level region makes one that no card carries."""
    body = f"{region}{birthday:%Y%m%d}{serial:03d}"
    return body + resident_check(body)


def masked(number: str) -> str:
    """Return what may be shown: the last four characters."""
    return "*" * max(0, len(number) - 4) + number[-4:]
