"""The visible seal: a small red frame in the upper margin of the first page, which is empty."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from core.pdf.fonts import BOLD, REGULAR, check, face
from core.pdf.style import CEREMONY, MARGIN_SIDE, MM, PAGE_HEIGHT, PAGE_WIDTH

# Between the edge of the paper and the head that `core.pdf.furniture` sets 12 mm below it.
HEIGHT = 8.6 * MM
TOP = PAGE_HEIGHT - 2.4 * MM
SIZE = 7.0
LEADING = 3.4 * MM
INSIDE = 2.4 * MM


def width(lines: Sequence[str]) -> float:
    """Return the width of the frame around these lines."""
    bold, plain = face(BOLD), face(REGULAR)
    head = bold.width(check(lines[0]), SIZE)
    return max(head, *(plain.width(check(line), SIZE) for line in lines[1:])) + 2 * INSIDE


def place(lines: Sequence[str]) -> tuple[int, int, int, int]:
    """Return where the seal stands on an A4 page, in whole points: left, bottom, right, top."""
    right = PAGE_WIDTH - MARGIN_SIDE
    return (round(right - width(lines)), round(TOP - HEIGHT), round(right), round(TOP))


def draw(lines: Sequence[str]) -> bytes:
    """Draw two lines in their frame as a PDF of that size; the typeface is embedded."""
    across = width(lines)
    output = io.BytesIO()
    canvas = Canvas(
        output,
        pagesize=(across, HEIGHT),
        invariant=1,
        initialFontName=REGULAR,  # type: ignore[arg-type] # the stub says float
    )
    canvas.setStrokeColor(CEREMONY)
    canvas.setFillColor(CEREMONY)
    canvas.setLineWidth(0.8)
    canvas.roundRect(0.5, 0.5, across - 1, HEIGHT - 1, 1.5)
    for number, line in enumerate(lines):
        canvas.setFont(REGULAR if number else BOLD, SIZE)
        baseline = HEIGHT - 1 * MM - number * LEADING - SIZE * 0.95
        canvas.drawString(INSIDE, baseline, line)
    canvas.showPage()
    canvas.save()
    return output.getvalue()
