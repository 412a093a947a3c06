"""Measures and colours of a page: A4, one typeface, the house's tokens."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4

from core.pdf.document import Align, Tone
from core.pdf.fonts import BOLD, REGULAR

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN_SIDE = 21 * MM
MARGIN_TOP = 24 * MM
MARGIN_BOTTOM = 22 * MM
WIDTH = PAGE_WIDTH - 2 * MARGIN_SIDE
ROOM = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM

INK = HexColor("#14202e")
MUTED = HexColor("#51606f")
PRIMARY = HexColor("#0f4c9c")
CEREMONY = HexColor("#b3261e")
HAIR = HexColor("#c5d0dc")
TINT = HexColor("#f2f6fb")
PAPER = HexColor("#ffffff")

TONES: dict[Tone, Color] = {
    "plain": INK,
    "muted": MUTED,
    "info": PRIMARY,
    "ok": HexColor("#14692c"),
    "warn": HexColor("#7a4a08"),
    "fail": HexColor("#a31f16"),
}
GROUNDS: dict[Tone, Color] = {
    "plain": TINT,
    "muted": TINT,
    "info": HexColor("#e8f1fb"),
    "ok": HexColor("#e6f4ea"),
    "warn": HexColor("#fff4e0"),
    "fail": HexColor("#fdecea"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """How a text is set."""

    size: float
    leading: float
    bold: bool = False
    tone: Tone = "plain"
    align: Align = "left"
    justify: bool = False
    indent: float = 0

    @property
    def font(self) -> str:
        """Return the weight's name."""
        return BOLD if self.bold else REGULAR


BODY = Type(size=10.5, leading=17.5)
SMALL = Type(size=8.5, leading=13.5, tone="muted")
TITLE = Type(size=20, leading=29, bold=True, align="centre")
SUBTITLE = Type(size=11, leading=17, tone="muted", align="centre")
HEADINGS = {
    1: Type(size=13, leading=19, bold=True, tone="info"),
    2: Type(size=11.5, leading=17.5, bold=True),
    3: Type(size=10.5, leading=17, bold=True, tone="muted"),
}
CELL = Type(size=9.5, leading=14.5)
DENSE = Type(size=8.2, leading=12)
CODE = Type(size=8.5, leading=13.5)
FURNITURE = Type(size=8, leading=11, tone="muted")
DIGEST = Type(size=6.3, leading=9, tone="muted")
