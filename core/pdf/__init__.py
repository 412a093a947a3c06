"""The kit all documents are drawn with: blocks in, PDF bytes out, same input, same bytes.

    render(Document(title="开标记录表", code="HP-2026-0001", blocks=(
        Facts(rows=(("项目名称", name), ("开标时间", moment))),
        Heading("报价一览"),
        Table(columns=(Column("投标人", weight=3), Column("报价(元)", align="right")), rows=rows),
        Signatures(places=(Signature(label="招标人代表", field="host"),)),
    )))

Texts are drawn as they are, never read as markup. A character the embedded font does not hold
raises `MissingGlyph`: a record with a hole in it must not leave the house.
"""

from __future__ import annotations

from core.pdf.document import (
    Block,
    Callout,
    Code,
    Column,
    Document,
    Facts,
    Gap,
    Heading,
    Items,
    PageBreak,
    Paragraph,
    Qr,
    Rule,
    Seal,
    Signature,
    Signatures,
    Span,
    Table,
    Text,
    Together,
)
from core.pdf.fonts import FontsMissing, MissingGlyph, check, missing
from core.pdf.labels import CHINESE, ENGLISH, Labels
from core.pdf.render import Place, places, render

__all__ = [
    "CHINESE",
    "ENGLISH",
    "Block",
    "Callout",
    "Code",
    "Column",
    "Document",
    "Facts",
    "FontsMissing",
    "Gap",
    "Heading",
    "Items",
    "Labels",
    "MissingGlyph",
    "PageBreak",
    "Paragraph",
    "Place",
    "Qr",
    "Rule",
    "Seal",
    "Signature",
    "Signatures",
    "Span",
    "Table",
    "Text",
    "Together",
    "check",
    "missing",
    "places",
    "render",
]
