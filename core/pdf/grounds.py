"""Boxes on a tinted ground, with or without a bar at their side."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.colors import Color

from core.pdf.boxes import Box, Plain, StackBox
from core.pdf.document import Tone
from core.pdf.pen import Pen
from core.pdf.style import GROUNDS, MM

PAD_X = 3 * MM
PAD_Y = 2.2 * MM
BAR = 1 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundBox(Plain):
    """Boxes stacked on a ground."""

    boxes: tuple[Box, ...]
    width: float
    tone: Tone
    bar: Color | None = None

    @property
    def _stack(self) -> StackBox:
        return StackBox(boxes=self.boxes)

    @property
    def height(self) -> float:
        """Return the height of the ground."""
        return self._stack.height + 2 * PAD_Y

    def draw(self, pen: Pen, *, x: float, top: float) -> None:
        """Draw the ground, the bar, what stands on it."""
        pen.ground(x=x, top=top, width=self.width, height=self.height, colour=GROUNDS[self.tone])
        if self.bar is not None:
            pen.ground(x=x, top=top, width=BAR, height=self.height, colour=self.bar)
        inset = PAD_X + (2 * BAR if self.bar is not None else 0)
        self._stack.draw(pen, x=x + inset, top=top + PAD_Y)
