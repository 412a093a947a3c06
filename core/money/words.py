"""Amounts in words: bank-form capitals (大写) and the spoken form for announcements.

The capitals follow the rules for filling in bank vouchers: each run of zeros between figures is
said once; 整 stands after 元 and may stand after 角, never after 分; 零 stands after 元 when 角
is zero and 分 is not. Where the rules leave a 零 to the writer, `uppercase` leaves it out and
`uppercase_forms` accepts both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.money.figures import LIMIT_FEN, MoneyError

_GROUP = 10_000


@dataclass(frozen=True, slots=True)
class _Hand:
    """The figures and small units of one way of writing."""

    digits: str
    units: tuple[str, str, str, str]


_CAPITALS = _Hand("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"))
_SPEECH = _Hand("零一二三四五六七八九", ("", "十", "百", "千"))


def uppercase(fen: int) -> str:
    """Write an amount in bank-form capitals, the way we print it."""
    return next(_forms(fen))


def uppercase_forms(fen: int) -> tuple[str, ...]:
    """Return every form the bank rules allow, ours first."""
    return tuple(dict.fromkeys(_forms(fen)))


def says(text: str, fen: int) -> bool:
    """Say whether capitals written by somebody name this amount.

    人民币 in front, 圆 for 元, 正 for 整, 圆's older forms and blanks change no amount.
    """
    folded = "".join(unicodedata.normalize("NFKC", text).split()).removeprefix("人民币")
    folded = folded.translate(str.maketrans("圆圓正", "元元整"))
    return folded in _forms(fen)


def spoken(fen: int) -> str:
    """Write an amount the way a host reads it aloud."""
    whole, jiao, fen_digit = _split(fen)
    digits = _SPEECH.digits
    said = _number(whole, _SPEECH, zero_at_joints=False) + "元" if whole else ""
    said = said.removeprefix("一") if said.startswith("一十") else said
    if jiao:
        said += digits[jiao] + "角"
    if fen_digit:
        said += ("零" if whole and not jiao else "") + digits[fen_digit] + "分"
    if not jiao and not fen_digit:
        said = (said or "零元") + "整"
    return said


def _forms(fen: int) -> Iterator[str]:
    whole, jiao, fen_digit = _split(fen)
    if not whole:
        if not jiao and not fen_digit:
            yield "零元整"
            return
        yield from _tails("", jiao, fen_digit)
        return
    for zero_at_joints in (False, True):
        yuan = _number(whole, _CAPITALS, zero_at_joints=zero_at_joints) + "元"
        yield from _tails(yuan, jiao, fen_digit)
        if whole % 10 == 0 and jiao:
            yield from _tails(yuan + "零", jiao, fen_digit)


def _tails(yuan: str, jiao: int, fen_digit: int) -> Iterator[str]:
    digits = _CAPITALS.digits
    if not jiao and not fen_digit:
        yield yuan + "整"
    elif not fen_digit:
        yield f"{yuan}{digits[jiao]}角整"
        yield f"{yuan}{digits[jiao]}角"
    elif not jiao:
        yield f"{yuan}{'零' if yuan else ''}{digits[fen_digit]}分"
    else:
        yield f"{yuan}{digits[jiao]}角{digits[fen_digit]}分"


def _number(number: int, hand: _Hand, *, zero_at_joints: bool) -> str:
    """Write a positive integer; 万 and 亿 nest, so that 10^12 is 壹万亿 and not a new unit."""
    for size, unit in ((_GROUP * _GROUP, "亿"), (_GROUP, "万")):
        high, low = divmod(number, size)
        if not high:
            continue
        head = _number(high, hand, zero_at_joints=zero_at_joints) + unit
        if not low:
            return head
        gap = low < size // 10
        # 壹拾万(零)柒仟: the figure before the joint is zero, the one after it is not.
        joint = zero_at_joints and high % 10 == 0
        zero = hand.digits[0] if gap or joint else ""
        return head + zero + _number(low, hand, zero_at_joints=zero_at_joints)
    return _below_ten_thousand(number, hand)


def _below_ten_thousand(number: int, hand: _Hand) -> str:
    said, rest, owed = "", number, False
    for place in (3, 2, 1, 0):
        digit, rest = divmod(rest, 10**place)
        if digit:
            said += (hand.digits[0] if owed else "") + hand.digits[digit] + hand.units[place]
            owed = False
        else:
            owed = bool(said)
    return said


def _split(fen: int) -> tuple[int, int, int]:
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise MoneyError(f"fen are integers, not {type(fen).__name__}")
    if not 0 <= fen < LIMIT_FEN:
        raise MoneyError(f"cannot be written in words: {fen} fen")
    whole, part = divmod(fen, 100)
    return whole, *divmod(part, 10)
