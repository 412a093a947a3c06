"""Measured pieces of a page: each knows its height, how to be torn, and how to be drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import segno

from core.pdf.pen import Pen
from core.pdf.setting import Line
from core.pdf.style import INK, MM, PAGE_HEIGHT, Type

ALONE = 2  # lines: fewer of a paragraph never stand at the foot or the head of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A named place in a box, measured from the box's top left corner."""

    name: str
    x: float
    y: float
    width: float
    height: float


class Box(Protocol):
    """What stands on a page. `before` is the space above it, dropped at the top of a page."""

    @property
    def before(self) -> float:
        """Return the space above."""

    @property
    def height(self) -> float:
        """Return the height."""

    @property
    def least(self) -> float:
        """Return the height of the smallest part that may stand at the foot of a page."""

    @property
    def clings(self) -> bool:
        """Say whether the next box must stand on the same page."""

    def tear(self, room: float) -> tuple[Box, Box] | None:
        """Split into a part of at most `room` and the rest, or None where it must stay whole."""

    def draw(self, pen: Pen, *, x: float, top: float) -> None:
        """Draw at a place."""

    def areas(self) -> Sequence[Area]:
        """Return the places kept for signatures and seals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """The usual answers of a box that is never torn and keeps no place."""

    before: float = 0
    clings: bool = False

    @property
    def height(self) -> float:
        """Return the height."""
        raise NotImplementedError

    @property
    def least(self) -> float:
        """Need room for the whole."""
        return self.height

    def tear(self, room: float) -> tuple[Box, Box] | None:  # noqa: ARG002 - part of Box
        """Stay whole."""
        return None

    def areas(self) -> Sequence[Area]:
        """Keep no place."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBox(Plain):
    """Lines of text, beside a mark or not, on a ground or not."""

    lines: tuple[Line, ...]
    style: Type
    x: float = 0
    mark: tuple[Line, ...] = ()
    mark_x: float = 0
    outline: tuple[str, int] | None = None

    @property
    def height(self) -> float:
        """Return the lines' height."""
        return len(self.lines) * self.style.leading

    @property
    def least(self) -> float:
        """Need room for the fewest lines that may stand alone."""
        whole = self.outline is not None or len(self.lines) < 2 * ALONE
        return self.height if whole else ALONE * self.style.leading

    def tear(self, room: float) -> tuple[Box, Box] | None:
        """Tear between lines, leaving neither a widow nor an orphan."""
        fit = min(int((room + 1e-6) // self.style.leading), len(self.lines) - ALONE)
        if fit < ALONE or self.outline is not None:
            return None
        head = dataclasses.replace(self, lines=self.lines[:fit], clings=False)
        rest = dataclasses.replace(self, lines=self.lines[fit:], mark=(), before=0)
        return head, rest

    def draw(self, pen: Pen, *, x: float, top: float) -> None:
        """Draw mark and lines."""
        if self.outline is not None:
            title, level = self.outline
            key = f"{title}/{pen.canvas.getPageNumber()}/{top:.2f}"
            pen.canvas.bookmarkHorizontal(key, 0, PAGE_HEIGHT - top)
            pen.canvas.addOutlineEntry(title, key, level=level)
        pen.text(self.mark, x=x + self.mark_x, top=top, style=self.style)
        pen.text(self.lines, x=x + self.x, top=top, style=self.style)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBox(Plain):
    """A hairline."""

    width: float

    @property
    def height(self) -> float:
        """Return what a hairline takes."""
        return 0.5

    def draw(self, pen: Pen, *, x: float, top: float) -> None:
        """Draw the line."""
        pen.rule(x=x, top=top, width=self.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapBox(Plain):
    """Nothing, of a height; `breaks` sends what follows to a new page."""

    size: float = 0
    breaks: bool = False

    @property
    def height(self) -> float:
        """Return the gap."""
        return self.size

    def draw(self, pen: Pen, *, x: float, top: float) -> None:
        """Draw nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QrBox(Plain):
    """A QR code with its caption beside it."""

    data: str
    size: float
    caption: tuple[Line, ...]
    style: Type

    @property
    def height(self) -> float:
        """Return the taller of code and caption."""
        return max(self.size, len(self.caption) * self.style.leading)

    def draw(self, pen: Pen, *, x: float, top: float) -> None:
        """Draw each row's dark modules joined, so that no hairline shows between them."""
        code = segno.make_qr(self.data, error="m")
        matrix = [list(row) for row in code.matrix_iter(border=0)]
        module = self.size / len(matrix)
        for number, row in enumerate(matrix):
            column = 0
            while column < len(row):
                length = 0
                while column + length < len(row) and row[column + length]:
                    length += 1
                if length:
                    pen.ground(
                        x=x + column * module,
                        top=top + number * module,
                        width=length * module,
                        height=module,
                        colour=INK,
                    )
                column += max(length, 1)
        beside = top + (self.height - len(self.caption) * self.style.leading) / 2
        pen.text(self.caption, x=x + self.size + 4 * MM, top=beside, style=self.style)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackBox(Plain):
    """Boxes under one another that stand together."""

    boxes: tuple[Box, ...]

    @property
    def height(self) -> float:
        """Return the sum, without the space above the first."""
        return sum(box.height + (box.before if n else 0) for n, box in enumerate(self.boxes))

    def draw(self, pen: Pen, *, x: float, top: float) -> None:
        """Draw one after the other."""
        for number, box in enumerate(self.boxes):
            top += box.before if number else 0
            box.draw(pen, x=x, top=top)
            top += box.height

    def areas(self) -> Sequence[Area]:
        """Return the places of all boxes."""
        found: list[Area] = []
        top = 0.0
        for number, box in enumerate(self.boxes):
            top += box.before if number else 0
            found += [dataclasses.replace(area, y=area.y + top) for area in box.areas()]
            top += box.height
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A box at its place on a page."""

    box: Box
    top: float


@dataclass(slots=True)
class Sheet:
    """One page being filled."""

    placed: list[Placed] = field(default_factory=list)
    used: float = 0
