"""Read the citations in a Chinese text and write them in English.

Records, notices and rejections keep a citation as the Chinese text that was said at the time; a
page in English shows the same article by the statute's English name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.law.statutes import Statute

_DIGITS: Mapping[str, int] = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_NUMBER = "[零一二三四五六七八九十百]+"
_CITATION = re.compile(
    rf"《(?:中华人民共和国)?(?P<name>[^》]+)》"
    rf"(?:第(?P<article>{_NUMBER})条)?(?:第(?P<paragraph>{_NUMBER})款)?(?:第(?P<item>{_NUMBER})项)?"
)
_PARTS = (("article", "Art."), ("paragraph", "para."), ("item", "item"))
_NAMES: Mapping[str, str] = {statute.zh: statute.en for statute in Statute}


def in_english(text: str) -> str:
    """Return the text with every citation of a known statute in English, all else as it is."""
    return _CITATION.sub(_english, text)


def number_of(written: str) -> int:
    """Return the number of 第…条: 五十七 is 57, 一百零二 is 102."""
    total, digit = 0, None
    for sign in written:
        if sign in "十百":
            total += (1 if digit is None else digit) * (10 if sign == "十" else 100)
            digit = None
        else:
            digit = _DIGITS[sign]
    return total + (digit or 0)


def _english(found: re.Match[str]) -> str:
    name = _NAMES.get(found["name"])
    if name is None:
        return found[0]
    parts = [f"{word} {number_of(found[part])}" for part, word in _PARTS if found[part]]
    return ", ".join([name, *parts])
