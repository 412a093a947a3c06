"""Places to sign and to seal, kept clear for what a digital signature will put there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.pdf.boxes import Area, Plain
from core.pdf.document import Signature
from core.pdf.labels import Labels
from core.pdf.pen import Pen
from core.pdf.setting import Line, lines
from core.pdf.style import CELL, MM, SMALL, Type

GUTTER = 5 * MM
INSIDE = 3 * MM
CLEAR = 15 * MM  # room for a written name or a visible digital signature
SEAL_CLEAR = 40 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBox(Plain):
    """One row of places side by side."""

    places: tuple[Signature, ...]
    columns: int
    width: float
    labels: Labels

    @property
    def _each(self) -> float:
        return (self.width - GUTTER * (self.columns - 1)) / self.columns

    @property
    def _clear(self) -> float:
        return SEAL_CLEAR if any(place.seal for place in self.places) else CLEAR

    @property
    def _head(self) -> float:
        return max(len(self._title(place)) for place in self.places) * CELL.leading

    @property
    def _foot(self) -> float:
        return max(len(self._known(place)) for place in self.places) * SMALL.leading

    @property
    def height(self) -> float:
        """Return the height of the tallest place; all are drawn alike."""
        return INSIDE * 2 + self._head + self._clear + self._foot

    def draw(self, pen: Pen, *, x: float, top: float) -> None:
        """Draw frames, labels and what is already known."""
        for number, place in enumerate(self.places):
            left = x + number * (self._each + GUTTER)
            pen.frame(x=left, top=top, width=self._each, height=self.height)
            inner, upper = left + INSIDE, top + INSIDE
            pen.text(self._title(place), x=inner, top=upper, style=CELL)
            if place.seal:
                self._circle(pen, x=left, top=upper + self._head)
            else:
                line = upper + self._head + self._clear - 2 * MM
                pen.rule(x=inner, top=line, width=self._each - 2 * INSIDE)
            known = self._known(place)
            foot = top + self.height - INSIDE - len(known) * SMALL.leading
            pen.text(known, x=inner, top=foot, style=SMALL)

    def areas(self) -> Sequence[Area]:
        """Return where a visible digital signature goes."""
        return [
            Area(
                name=place.field,
                x=number * (self._each + GUTTER) + INSIDE,
                y=INSIDE + self._head,
                width=self._each - 2 * INSIDE,
                height=self._clear - 2 * MM,
            )
            for number, place in enumerate(self.places)
            if place.field
        ]

    def _circle(self, pen: Pen, *, x: float, top: float) -> None:
        diameter = self._clear - 2 * MM
        left = x + (self._each - diameter) / 2
        pen.circle(x=left, top=top, diameter=diameter)
        centred = Type(size=SMALL.size, leading=SMALL.leading, tone="muted", align="centre")
        label = lines(self.labels.seal, width=diameter, style=centred)
        pen.text(label, x=left, top=top + diameter / 2 - SMALL.leading / 2, style=centred)

    def _title(self, place: Signature) -> tuple[Line, ...]:
        text = f"{place.label}：{place.name}" if place.name else place.label
        return lines(text, width=self._each - 2 * INSIDE, style=CELL)

    def _known(self, place: Signature) -> tuple[Line, ...]:
        text = "\n".join(place.lines) if place.lines else f"{self.labels.date}："
        return lines(text, width=self._each - 2 * INSIDE, style=SMALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealBox(Plain):
    """A round place for a seal at the right of the page."""

    field: str
    label: str
    size: float
    width: float

    @property
    def height(self) -> float:
        """Return the seal's height."""
        return self.size

    def draw(self, pen: Pen, *, x: float, top: float) -> None:
        """Draw the circle and its label."""
        left = x + self.width - self.size
        pen.circle(x=left, top=top, diameter=self.size)
        centred = Type(size=SMALL.size, leading=SMALL.leading, tone="muted", align="centre")
        label = lines(self.label, width=self.size - 2 * INSIDE, style=centred)
        middle = top + (self.size - len(label) * SMALL.leading) / 2
        pen.text(label, x=left + INSIDE, top=middle, style=centred)

    def areas(self) -> Sequence[Area]:
        """Return the seal's square."""
        left = self.width - self.size
        return [Area(name=self.field, x=left, y=0, width=self.size, height=self.size)]
