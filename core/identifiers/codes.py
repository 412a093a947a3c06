"""Codes of tenders, lots and deals.

Widths follow the common form (platform letter and ten figures, serial of six, lot of three); they
are a setting, because the standard's text could not be checked. A serial is drawn, never counted:
consecutive numbers would tell how many tenders, and near a deadline how many bids, there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core.identifiers.credit import ALPHABET, CodeError, is_credit_code

_LETTER = re.compile(r"[A-Z]", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeStyle:
    """How many figures each part of a code has."""

    platform_digits: int = 10
    serial_digits: int = 6
    lot_digits: int = 3


COMMON_STYLE = CodeStyle()


def platform_code(centre: str, *, letter: str = "E", style: CodeStyle = COMMON_STYLE) -> str:
    """Return the platform's code for a centre: `320500` becomes `E3205000001`."""
    figures = style.platform_digits - len(centre)
    if not _LETTER.fullmatch(letter) or not centre.isdecimal() or figures < 1:
        raise CodeError(f"no platform code for {centre!r}")
    return f"{letter}{centre}{1:0{figures}d}"


def random_serial(below: Callable[[int], int], *, style: CodeStyle = COMMON_STYLE) -> int:
    """Draw a serial; `below(n)` returns a number from 0 to n - 1, as `secrets.randbelow` does.

    Two draws can meet: the unique constraint of the table decides, and the caller draws again.
    """
    return below(10**style.serial_digits)


def tender_code(platform: str, serial: int, *, style: CodeStyle = COMMON_STYLE) -> str:
    """Return 招标项目编号: platform and serial."""
    return platform + _padded(serial, style.serial_digits)


def lot_code(tender: str, number: int, *, style: CodeStyle = COMMON_STYLE) -> str:
    """Return 标段编号: the tender's code and the lot's number, from 1."""
    if number < 1:
        raise CodeError("lots are numbered from 1")
    return tender + _padded(number, style.lot_digits)


def deal_code(*, trade_class: str, publisher: str, day: date, serial: int) -> str:
    """Return 统一交易标识码 as seen on portals: class, publisher's credit code, day, serial, check.

    STAND-IN: the check of the national standard could not be verified. Here it is the sum modulo
    31 of the letters and figures before it, which catches typing slips and claims nothing more.
    """
    if not re.fullmatch(r"[A-Z][0-9]{2}", trade_class, re.ASCII) or not is_credit_code(publisher):
        raise CodeError("a trade class such as A01 and a valid credit code are wanted")
    stem = f"{trade_class}-{publisher}-{day:%Y%m%d}-{_padded(serial, 6)}"
    return f"{stem}-{_stand_in_check(stem)}"


def is_deal_code(code: str) -> bool:
    """Say whether the text is a deal code of ours; see `deal_code` for what the check is worth."""
    stem, _, check = code.rpartition("-")
    shape = r"[A-Z][0-9]{2}-[0-9A-Z]{18}-[0-9]{8}-[0-9]{6}"
    return bool(re.fullmatch(shape, stem, re.ASCII)) and _stand_in_check(stem) == check


def _stand_in_check(stem: str) -> str:
    values = (int(char, 36) for char in stem if char != "-")
    # Places are weighed by powers of three, so that two swapped figures show.
    return ALPHABET[sum(value * pow(3, place, 31) for place, value in enumerate(values)) % 31]


def _padded(number: int, digits: int) -> str:
    if not 0 <= number < 10**digits:
        raise CodeError(f"{number} does not fit into {digits} figures")
    return f"{number:0{digits}d}"
