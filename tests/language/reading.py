"""What somebody reads of an answer, and which of it is in the wrong language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")

#: Attributes that are shown or read out.
SPOKEN = frozenset({"alt", "aria-description", "aria-label", "placeholder", "title"})
#: Elements whose text nobody reads, or which no language owns: code, keys, samples of files.
UNREAD = frozenset({"script", "style", "code", "pre", "kbd", "samp"})
VOID = frozenset({"br", "circle", "hr", "img", "input", "link", "meta", "path", "rect", "use"})

#: Names a Chinese page writes as they are; the first three name fields, `Enter` a key.
NAMES = frozenset({"from", "people", "ties", "Enter", "ECDSA", "HPKE", "JSON", "Merkle", "TOTP"})
WORD = re.compile(r"(?<![\w./@:-])[A-Za-z]{4,}(?![\w./@:-])")


class _Page(HTMLParser):
    """Collect what is said on a page, except where an element says it speaks otherwise."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        silent = tag in UNREAD or ("lang" in told and tag != "html") or "mono" in _classes(told)
        if self._silent or (silent and tag not in VOID):
            if tag not in VOID:
                self._silent.append(tag)
            return
        self.said += [told[name] or "" for name in SPOKEN & told.keys()]
        if tag == "input" and told.get("type") in {"submit", "button"}:
            self.said.append(told.get("value") or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.said.append(" ".join(data.split()))


def said(body: str) -> list[str]:
    """Return every piece of text a page shows."""
    page = _Page()
    page.feed(body)
    return page.said


def known(data: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of everything that people entered, the longest first."""
    words = sorted({text for text in data if text.strip()}, key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in words) or r"(?!)")


def strings(value: Any) -> Iterator[str]:
    """Return every text in a JSON value or a column."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def _classes(told: dict[str, str | None]) -> list[str]:
    return (told.get("class") or "").split()


def english(text: str) -> list[str]:
    """Return the English words in a Chinese text: what is longer than an abbreviation."""
    return [word for word in WORD.findall(text) if word not in NAMES]
