"""The embedded typeface, and the rule that no character is drawn without its glyph.

Noto Sans SC with TrueType outlines: reportlab cannot embed the CFF outlines of Debian's Noto CJK,
and its built-in Chinese fonts are not embedded at all, so that a reader may see something else.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PACKAGE = Path("node_modules/@expo-google-fonts/noto-sans-sc")
REGULAR = "NotoSansSC-Regular"
BOLD = "NotoSansSC-Bold"
FILES = {
    REGULAR: Path("400Regular/NotoSansSC_400Regular.ttf"),
    BOLD: Path("700Bold/NotoSansSC_700Bold.ttf"),
}


class FontsMissing(Exception):  # noqa: N818 - named as what happened
    """The typeface is not where it should be."""


class MissingGlyph(ValueError):  # noqa: N818 - named as what happened
    """The typeface has no glyph for a character."""

    def __init__(self, character: str) -> None:
        self.character = character
        super().__init__(f"no glyph for {character!r} (U+{ord(character):04X})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One weight of the typeface."""

    name: str
    widths: dict[int, float]
    known: frozenset[int]

    def width(self, text: str, size: float) -> float:
        """Return the width of a text of known characters."""
        return sum(self.widths[ord(character)] for character in text) * size / 1000


def folder() -> Path:
    """Return where the typeface lies: HENGPING_FONT_DIR, or the npm package beside the source."""
    named = os.environ.get("HENGPING_FONT_DIR", "")
    return Path(named) if named else Path(__file__).resolve().parents[2] / PACKAGE


@cache
def face(name: str = REGULAR) -> Face:
    """Load a weight once for the life of the process."""
    path = folder() / FILES[name]
    if not path.is_file():
        raise FontsMissing(f"{path} is missing; run npm ci or set HENGPING_FONT_DIR")
    font = TTFont(name, str(path))
    pdfmetrics.registerFont(font)
    glyphs = font.face.charToGlyph
    # A glyph 0 is the empty box; charWidths lacks what has no outline of its own.
    known = frozenset(code for code, glyph in glyphs.items() if glyph and code >= ord(" "))
    default = font.face.defaultWidth
    widths = {code: font.face.charWidths.get(code, default) for code in known}
    return Face(name=name, widths=widths, known=known)


@cache
def _in_both_weights() -> frozenset[int]:
    return face(REGULAR).known & face(BOLD).known


def missing(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that cannot be drawn, each once, in order; for forms."""
    known = _in_both_weights()
    return tuple(
        dict.fromkeys(
            character for character in text if ord(character) not in known and character != "\n"
        )
    )


def check(text: str) -> str:
    """Return `text`, or raise `MissingGlyph` for its first character without a glyph."""
    for character in missing(text):
        raise MissingGlyph(character)
    return text
