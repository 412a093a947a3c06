"""Type setting: break text into lines as Chinese and Latin want it, and place every stretch.

Chinese may break between any two characters, except that a line never begins with closing
punctuation nor ends with opening punctuation (避头尾); a Latin word or a number is never torn
unless it is longer than a line. Full-width punctuation carries half a square of air: two marks in
a row share it, and at a line's end it is not counted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.pdf.document import Span, Text, Tone
from core.pdf.fonts import BOLD, check, face
from core.pdf.style import Type

CLOSING = frozenset("，。、；：？！）】》〉」』”’…—～％,.;:?!)]}%»›‰℃°·")
OPENING = frozenset("（【《〈「『“‘([{«‹¥￥$№§")
AIRY_CLOSING = frozenset("，。、；：？！）】》〉」』〕")
AIRY_OPENING = frozenset("（【《〈「『〔")
AIRY = AIRY_CLOSING | AIRY_OPENING


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one weight and tone at a place in its line."""

    text: str
    font: str
    tone: Tone
    x: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line ready to be drawn; `spread` is added after every character."""

    pieces: tuple[Piece, ...]
    width: float
    spread: float = 0


@dataclass(frozen=True, slots=True)
class _Glyph:
    character: str
    font: str
    tone: Tone
    size: float
    width: float


_Atom = tuple[_Glyph, ...]


def spans(text: Text) -> tuple[Span, ...]:
    """Return a text's spans; a lone string is one."""
    if isinstance(text, Span):
        return (text,)
    if isinstance(text, list | tuple):
        return tuple(part if isinstance(part, Span) else Span(str(part)) for part in text)
    return (Span(str(text)),)


def plain(text: Text) -> str:
    """Return a text without its accents."""
    return "".join(span.text for span in spans(text))


def lines(text: Text, *, width: float, style: Type) -> tuple[Line, ...]:
    """Set `text` in lines of at most `width`."""
    return tuple(
        line
        for paragraph in _paragraphs(text, style)
        for line in _break(_atoms(paragraph), width=width, style=style)
    )


def natural_width(text: Text, style: Type) -> float:
    """Return the width of the longest line `text` would have without breaking."""
    return max((_advance(glyphs) for glyphs in _paragraphs(text, style)), default=0)


def least_width(text: Text, style: Type) -> float:
    """Return the width of the widest stretch of `text` that must not be torn."""
    return max(
        (_advance(atom) for glyphs in _paragraphs(text, style) for atom in _atoms(glyphs)),
        default=0,
    )


def _paragraphs(text: Text, style: Type) -> list[list[_Glyph]]:
    paragraphs: list[list[_Glyph]] = [[]]
    for span in spans(text):
        content = check(span.text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
        weight = face(BOLD if span.bold else style.font)
        tone = style.tone if span.tone == "plain" else span.tone
        for character in content:
            if character == "\n":
                paragraphs.append([])
            else:
                width = weight.widths[ord(character)] * style.size / 1000
                glyph = _Glyph(character, weight.name, tone, style.size, width)
                paragraphs[-1].append(glyph)
    return paragraphs


def _atoms(glyphs: Sequence[_Glyph]) -> list[_Atom]:
    """Group what must stay on one line."""
    atoms: list[list[_Glyph]] = []
    for glyph in glyphs:
        if atoms and _belong(atoms[-1][-1].character, glyph.character):
            atoms[-1].append(glyph)
        else:
            atoms.append([glyph])
    return [tuple(atom) for atom in atoms]


def _belong(before: str, after: str) -> bool:
    if after == " ":
        return before == " "
    if before == " ":
        return False
    if after in CLOSING or before in OPENING:
        return True
    return not _breaks_around(before) and not _breaks_around(after)


def _breaks_around(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" or character in "-/—…"


def _break(atoms: Sequence[_Atom], *, width: float, style: Type) -> Iterator[Line]:
    room, start = width - style.indent, style.indent
    current: list[_Glyph] = []
    used = 0.0
    for atom in _fitting(atoms, width):
        grown = used + _raw(atom) - (_shared(current[-1], atom[0]) if current else 0.0)
        if current and atom[0].character != " " and grown - _air(atom[-1]) > room:
            yield _line(current, width=width, start=start, style=style, last=False)
            room, start = width, 0.0
            current, grown = [], _raw(atom)
        if current or atom[0].character != " ":
            current.extend(atom)
            used = grown
    yield _line(current, width=width, start=start, style=style, last=True)


def _fitting(atoms: Sequence[_Atom], width: float) -> Iterator[_Atom]:
    """Tear only what no line could hold."""
    for atom in atoms:
        if _advance(atom) <= width:
            yield atom
        else:
            for glyph in atom:
                yield (glyph,)


def _trimmed(glyphs: Sequence[_Glyph]) -> Sequence[_Glyph]:
    end = len(glyphs)
    while end and glyphs[end - 1].character == " ":
        end -= 1
    return glyphs[:end]


def _line(glyphs: Sequence[_Glyph], *, width: float, start: float, style: Type, last: bool) -> Line:
    shown = _trimmed(glyphs)
    if not shown:
        return Line((), 0)
    length = start + _advance(shown)
    slack = width - length
    spread = 0.0
    if style.justify and not last and 0 < slack < 3 * style.size and len(shown) > 1:
        spread = slack / (len(shown) - 1)
    shift = {"left": 0.0, "centre": slack / 2, "right": slack}[style.align]
    return Line(tuple(_pieces(shown, x=start + shift, spread=spread)), length, spread)


def _pieces(glyphs: Sequence[_Glyph], *, x: float, spread: float) -> Iterator[Piece]:
    """Join what can be drawn in one stroke: same weight, same tone, no shared air between."""
    run: list[_Glyph] = []
    begins = x
    for number, glyph in enumerate(glyphs):
        shared = _shared(glyphs[number - 1], glyph) if number else 0.0
        if run and (shared or (glyph.font, glyph.tone) != (run[-1].font, run[-1].tone)):
            yield _piece(run, begins)
            run = []
        x -= shared
        if not run:
            begins = x
        run.append(glyph)
        x += glyph.width + spread
    yield _piece(run, begins)


def _piece(run: Sequence[_Glyph], x: float) -> Piece:
    text = "".join(glyph.character for glyph in run)
    return Piece(text, run[0].font, run[0].tone, x)


def _advance(glyphs: Sequence[_Glyph]) -> float:
    """Return the width of a stretch: shared air counted once, air at its very end not at all."""
    return _raw(glyphs) - (_air(glyphs[-1]) if glyphs else 0.0)


def _raw(glyphs: Sequence[_Glyph]) -> float:
    return sum(glyph.width for glyph in glyphs) - sum(
        _shared(one, two) for one, two in pairwise(glyphs)
    )


def _air(glyph: _Glyph) -> float:
    return glyph.size / 2 if glyph.character in AIRY_CLOSING else 0.0


def _shared(before: _Glyph, after: _Glyph) -> float:
    if before.character in AIRY_CLOSING and after.character in AIRY:
        return before.size / 2
    if before.character in AIRY_OPENING and after.character in AIRY_OPENING:
        return before.size / 2
    return 0.0
