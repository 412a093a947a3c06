"""Drawing on a page, measured from its top left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from core.pdf.setting import Line
from core.pdf.style import HAIR, PAGE_HEIGHT, TONES, Type


@dataclass(frozen=True, slots=True)
class Pen:
    """A canvas with its origin at the top."""

    canvas: Canvas

    def text(self, lines: Sequence[Line], *, x: float, top: float, style: Type) -> None:
        """Draw lines one under the other, each centred in its leading."""
        for number, line in enumerate(lines):
            # Chinese faces stand about 0.88 above and 0.12 below the baseline.
            baseline = top + number * style.leading + style.leading / 2 + style.size * 0.38
            for piece in line.pieces:
                draft = self.canvas.beginText(x + piece.x, PAGE_HEIGHT - baseline)
                draft.setFont(piece.font, style.size)
                draft.setCharSpace(line.spread)
                draft.setFillColor(TONES[piece.tone])
                draft.textOut(piece.text)
                self.canvas.drawText(draft)

    def rule(
        self, *, x: float, top: float, width: float, colour: Color = HAIR, thick: float = 0.5
    ) -> None:
        """Draw a horizontal line."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(thick)
        self.canvas.line(x, PAGE_HEIGHT - top, x + width, PAGE_HEIGHT - top)

    def upright(self, *, x: float, top: float, height: float, colour: Color = HAIR) -> None:
        """Draw a vertical hairline."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(x, PAGE_HEIGHT - top, x, PAGE_HEIGHT - top - height)

    def ground(self, *, x: float, top: float, width: float, height: float, colour: Color) -> None:
        """Fill a rectangle."""
        self.canvas.setFillColor(colour)
        self.canvas.rect(x, PAGE_HEIGHT - top - height, width, height, stroke=0, fill=1)

    def frame(
        self, *, x: float, top: float, width: float, height: float, dashed: bool = False
    ) -> None:
        """Outline a rectangle with slightly round corners."""
        self.canvas.saveState()
        self.canvas.setStrokeColor(HAIR)
        self.canvas.setLineWidth(0.6)
        if dashed:
            self.canvas.setDash(2, 2)
        self.canvas.roundRect(x, PAGE_HEIGHT - top - height, width, height, 2, stroke=1, fill=0)
        self.canvas.restoreState()

    def circle(self, *, x: float, top: float, diameter: float) -> None:
        """Outline a dashed circle in a square whose top left corner is given."""
        radius = diameter / 2
        self.canvas.saveState()
        self.canvas.setStrokeColor(HAIR)
        self.canvas.setLineWidth(0.6)
        self.canvas.setDash(2, 2)
        self.canvas.circle(x + radius, PAGE_HEIGHT - top - radius, radius, stroke=1, fill=0)
        self.canvas.restoreState()
