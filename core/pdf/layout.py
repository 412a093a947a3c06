"""From blocks to boxes: every block is set for the width of the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatchmethod

from core.pdf import document as blocks
from core.pdf.boxes import Box, GapBox, QrBox, RuleBox, StackBox, TextBox
from core.pdf.document import Align, Block, Text
from core.pdf.grounds import GroundBox
from core.pdf.labels import Labels
from core.pdf.setting import lines, natural_width, plain
from core.pdf.signatures import SealBox, SignatureBox
from core.pdf.style import (
    BODY,
    CELL,
    CODE,
    DENSE,
    HEADINGS,
    MM,
    SMALL,
    TONES,
    WIDTH,
    Type,
)
from core.pdf.tables import PAD_X, Row, TableBox, bold, column_widths, set_row

BLOCK_GAP = 3 * MM
HEADING_GAPS = {1: 7 * MM, 2: 5 * MM, 3: 4 * MM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typesetter:
    """Sets blocks for one width and language."""

    labels: Labels
    width: float = WIDTH

    def set(self, content: Sequence[Block]) -> list[Box]:
        """Set blocks in order."""
        return [box for block in content for box in self.boxes(block)]

    @singledispatchmethod
    def boxes(self, block: Block) -> Iterator[Box]:
        """Set one block."""
        raise TypeError(f"not a block: {block!r}")

    @boxes.register
    def _(self, block: blocks.Heading) -> Iterator[Box]:
        style = HEADINGS[block.level]
        yield TextBox(
            lines=lines(block.text, width=self.width, style=style),
            style=style,
            before=HEADING_GAPS[block.level],
            clings=True,
            outline=(block.text.replace("\n", " "), block.level - 1),
        )

    @boxes.register
    def _(self, block: blocks.Paragraph) -> Iterator[Box]:
        style = SMALL if block.small else BODY
        align: Align = "left" if block.align == "justify" else block.align
        style = dataclasses.replace(
            style,
            align=align,
            justify=block.align == "justify",
            indent=2 * style.size if block.indent else 0,
        )
        yield TextBox(
            lines=lines(block.text, width=self.width, style=style), style=style, before=BLOCK_GAP
        )

    @boxes.register
    def _(self, block: blocks.Items) -> Iterator[Box]:
        marks = [f"{n}." if block.ordered else "·" for n in range(1, len(block.items) + 1)]
        style = dataclasses.replace(BODY, justify=True)
        hang = max((natural_width(mark, BODY) for mark in marks), default=0) + 2.2 * MM
        for number, (mark, item) in enumerate(zip(marks, block.items, strict=True)):
            yield TextBox(
                lines=lines(item, width=self.width - hang, style=style),
                style=style,
                x=hang,
                mark=lines(mark, width=hang, style=BODY),
                before=BLOCK_GAP if number == 0 else 1 * MM,
            )

    @boxes.register
    def _(self, block: blocks.Facts) -> Iterator[Box]:
        rows = tuple(self._facts(block))
        if rows:
            yield TableBox(width=self.width, rows=rows, before=BLOCK_GAP)

    def _facts(self, block: blocks.Facts) -> Iterator[Row]:
        """Set facts two a row where both fit on one line, else each across the page."""
        widest = max((natural_width(label, CELL) for label, _ in block.rows), default=0)
        label_width = min(widest + 5 * MM, self.width * 0.2)
        half = self.width / 2 - label_width
        waiting = list(block.rows)
        while waiting:
            pair = waiting[: block.columns]
            if any(natural_width(value, CELL) > half - 2 * PAD_X for _, value in pair):
                pair = pair[:1]
            del waiting[: len(pair)]
            widths = [label_width, self.width / len(pair) - label_width] * len(pair)
            cells: list[Text] = []
            for label, value in pair:
                cells += [blocks.Span(str(label), tone="muted"), value]
            yield set_row(
                cells,
                widths=widths,
                aligns=["left"] * len(cells),
                style=CELL,
                tinted=frozenset(range(0, len(cells), 2)),
            )

    @boxes.register
    def _(self, block: blocks.Table) -> Iterator[Box]:
        style = DENSE if block.dense else CELL
        content = [*block.rows, *([block.total] if block.total is not None else [])]
        for row in content:
            if len(row) != len(block.columns):
                raise ValueError(f"a row of {len(row)} cells, {len(block.columns)} columns")
        if block.caption:
            yield TextBox(
                lines=lines(bold(block.caption), width=self.width, style=CELL),
                style=CELL,
                before=BLOCK_GAP,
                clings=True,
            )
        widths = column_widths(block.columns, content, width=self.width, style=style)
        aligns = [column.align for column in block.columns]
        strong = dataclasses.replace(style, bold=True)
        rows = [set_row(row, widths=widths, aligns=aligns, style=style) for row in block.rows]
        if block.total is not None:
            rows.append(
                set_row(block.total, widths=widths, aligns=aligns, style=strong, ground=True)
            )
        yield TableBox(
            width=self.width,
            head=set_row(
                [column.title for column in block.columns],
                widths=widths,
                aligns=[column.align for column in block.columns],
                style=strong,
                ground=True,
            ),
            rows=tuple(rows),
            before=1 * MM if block.caption else BLOCK_GAP,
        )

    @boxes.register
    def _(self, block: blocks.Code) -> Iterator[Box]:
        inner = self.width - 6 * MM
        parts: list[Box] = []
        if block.label:
            parts.append(TextBox(lines=lines(block.label, width=inner, style=SMALL), style=SMALL))
        parts.append(TextBox(lines=lines(block.text, width=inner, style=CODE), style=CODE))
        yield GroundBox(boxes=tuple(parts), width=self.width, tone="plain", before=BLOCK_GAP)

    @boxes.register
    def _(self, block: blocks.Callout) -> Iterator[Box]:
        inner = self.width - 9 * MM
        strong = Type(size=10.5, leading=17, bold=True, tone=block.tone)
        parts: list[Box] = []
        if block.title:
            parts.append(TextBox(lines=lines(block.title, width=inner, style=strong), style=strong))
        parts.append(TextBox(lines=lines(block.text, width=inner, style=CELL), style=CELL))
        yield GroundBox(
            boxes=tuple(parts),
            width=self.width,
            tone=block.tone,
            bar=TONES[block.tone],
            before=BLOCK_GAP,
        )

    @boxes.register
    def _(self, block: blocks.Signatures) -> Iterator[Box]:
        for number in range(0, len(block.places), block.columns):
            yield SignatureBox(
                places=tuple(block.places[number : number + block.columns]),
                columns=block.columns,
                width=self.width,
                labels=self.labels,
                before=5 * MM if number == 0 else 4 * MM,
            )

    @boxes.register
    def _(self, block: blocks.Seal) -> Iterator[Box]:
        yield SealBox(
            field=block.field,
            label=block.label or self.labels.seal,
            size=block.millimetres * MM,
            width=self.width,
            before=5 * MM,
        )

    @boxes.register
    def _(self, block: blocks.Qr) -> Iterator[Box]:
        size = block.millimetres * MM
        caption = lines(block.caption, width=self.width - size - 4 * MM, style=SMALL)
        yield QrBox(
            data=block.data,
            size=size,
            caption=caption if plain(block.caption) else (),
            style=SMALL,
            before=5 * MM,
        )

    @boxes.register
    def _(self, _: blocks.Rule) -> Iterator[Box]:
        yield RuleBox(width=self.width, before=BLOCK_GAP)

    @boxes.register
    def _(self, block: blocks.Gap) -> Iterator[Box]:
        yield GapBox(size=block.millimetres * MM)

    @boxes.register
    def _(self, _: blocks.PageBreak) -> Iterator[Box]:
        yield GapBox(breaks=True)

    @boxes.register
    def _(self, block: blocks.Together) -> Iterator[Box]:
        inner = self.set(block.blocks)
        if inner:
            yield StackBox(boxes=tuple(inner), before=inner[0].before)
