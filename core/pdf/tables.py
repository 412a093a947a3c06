"""Tables: widths that follow content, heads that repeat, rows that may go on overleaf."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.pdf.boxes import ALONE, Box, Plain
from core.pdf.document import Align, Column, Span, Text
from core.pdf.pen import Pen
from core.pdf.setting import Line, least_width, lines, natural_width, spans
from core.pdf.style import MM, PRIMARY, TINT, Type

PAD_X = 2 * MM
PAD_Y = 1.3 * MM
SHORT = 7  # characters
TALL = 8  # lines: lower rows are never torn
WIDEST_SHARE = 0.55  # of the table: past this a column is given its turn to wrap


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of set cells, each of its width. `tinted` cells stand on a ground of their own."""

    cells: tuple[tuple[Line, ...], ...]
    widths: tuple[float, ...]
    style: Type
    ground: bool = False
    tinted: frozenset[int] = field(default_factory=frozenset)

    @property
    def height(self) -> float:
        """Return the tallest cell's height."""
        return max(1, *(len(cell) for cell in self.cells)) * self.style.leading + 2 * PAD_Y

    @property
    def least(self) -> float:
        """Return the height of the row, or of the fewest lines of a tall one."""
        return min(self.height, TALL * self.style.leading)

    def tear(self, room: float) -> tuple[Row, Row] | None:
        """Tear a tall row between its lines."""
        most = max(len(cell) for cell in self.cells)
        fit = min(int((room - 2 * PAD_Y) // self.style.leading), most - ALONE)
        if most < TALL or fit < ALONE:
            return None
        head = tuple(cell[:fit] for cell in self.cells)
        rest = tuple(cell[fit:] for cell in self.cells)
        return dataclasses.replace(self, cells=head), dataclasses.replace(self, cells=rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBox(Plain):
    """Rows in a grid."""

    width: float
    rows: tuple[Row, ...]
    head: Row | None = None

    @property
    def height(self) -> float:
        """Return the height of head and rows."""
        return sum(row.height for row in self._all)

    @property
    def least(self) -> float:
        """Need room for the head and the first row."""
        head = self.head.height if self.head else 0
        return head + (self.rows[0].least if self.rows else 0)

    @property
    def _all(self) -> tuple[Row, ...]:
        return (self.head, *self.rows) if self.head else self.rows

    def tear(self, room: float) -> tuple[Box, Box] | None:
        """Tear between rows, and a tall row between its lines."""
        left = room - (self.head.height if self.head else 0)
        fitting: list[Row] = []
        rest = list(self.rows)
        while rest and rest[0].height <= left:
            fitting.append(rest.pop(0))
            left -= fitting[-1].height
        if rest and (torn := rest[0].tear(left)):
            fitting.append(torn[0])
            rest[0] = torn[1]
        if not fitting or not rest:
            return None
        return (
            dataclasses.replace(self, rows=tuple(fitting), clings=False),
            dataclasses.replace(self, rows=tuple(rest), before=0),
        )

    def draw(self, pen: Pen, *, x: float, top: float) -> None:
        """Draw grounds, rules, then text."""
        begins = top
        for number, row in enumerate(self._all):
            _grounds(pen, row, x=x, top=top, width=self.width)
            if number:
                pen.rule(x=x, top=top, width=self.width)
            edge = x
            for width in row.widths[:-1]:
                edge += width
                pen.upright(x=edge, top=top, height=row.height)
            _texts(pen, row, x=x, top=top)
            top += row.height
        pen.rule(x=x, top=begins, width=self.width, colour=PRIMARY, thick=0.9)
        pen.rule(x=x, top=top, width=self.width, colour=PRIMARY, thick=0.9)


def _grounds(pen: Pen, row: Row, *, x: float, top: float, width: float) -> None:
    if row.ground:
        pen.ground(x=x, top=top, width=width, height=row.height, colour=TINT)
    for number in row.tinted:
        left = x + sum(row.widths[:number])
        pen.ground(x=left, top=top, width=row.widths[number], height=row.height, colour=TINT)


def _texts(pen: Pen, row: Row, *, x: float, top: float) -> None:
    for cell, width in zip(row.cells, row.widths, strict=True):
        # Head and total stand in the middle of their height, other cells at the top of theirs.
        free = row.height - 2 * PAD_Y - len(cell) * row.style.leading
        slack = free / 2 if row.ground else 0
        pen.text(cell, x=x + PAD_X, top=top + PAD_Y + slack, style=row.style)
        x += width


def column_widths(
    columns: Sequence[Column], rows: Sequence[Sequence[Text]], *, width: float, style: Type
) -> tuple[float, ...]:
    """Share `width` out: by weights where all are given, else by what the cells hold."""
    if all(column.weight for column in columns):
        total = sum(column.weight or 0 for column in columns)
        return tuple(width * (column.weight or 0) / total for column in columns)
    asked = [
        _asked([column.title, *(row[number] for row in rows)], width=width, style=style)
        for number, column in enumerate(columns)
    ]
    least = [need for need, _ in asked]
    wanted = [want for _, want in asked]
    if sum(wanted) <= width:
        return tuple(want * width / sum(wanted) for want in wanted)
    if sum(least) >= width:
        return tuple(need * width / sum(least) for need in least)
    spare = (width - sum(least)) / (sum(wanted) - sum(least))
    return tuple(need + (want - need) * spare for need, want in zip(least, wanted, strict=True))


def _asked(cells: Sequence[Text], *, width: float, style: Type) -> tuple[float, float]:
    """Return the least a column needs not to be torn, and what it would like."""
    style = dataclasses.replace(style, bold=True)  # the wider weight; heads and totals are bold
    natural = max(natural_width(cell, style) for cell in cells)
    tight = max(2 * style.size, *(least_width(cell, style) for cell in cells))
    if natural <= SHORT * style.size:
        tight = natural  # to wrap a few characters would save nothing
    wanted = max(tight, min(natural, width * WIDEST_SHARE))
    pad = 2 * PAD_X + 0.1
    return tight + pad, wanted + pad


def set_row(
    cells: Sequence[Text],
    *,
    widths: Sequence[float],
    aligns: Sequence[Align],
    style: Type,
    ground: bool = False,
    tinted: frozenset[int] = frozenset(),
) -> Row:
    """Set the cells of one row."""
    return Row(
        cells=tuple(
            lines(cell, width=width - 2 * PAD_X, style=dataclasses.replace(style, align=align))
            for cell, width, align in zip(cells, widths, aligns, strict=True)
        ),
        widths=tuple(widths),
        style=style,
        ground=ground,
        tinted=tinted,
    )


def bold(text: Text) -> Text:
    """Return `text` with every span bold."""
    return tuple(Span(span.text, bold=True, tone=span.tone) for span in spans(text))
