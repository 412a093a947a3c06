"""Draw a document: the same document gives the same bytes, on any day and any machine."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from core.pdf import furniture
from core.pdf.boxes import Sheet
from core.pdf.document import Document
from core.pdf.fonts import BOLD, REGULAR, face
from core.pdf.layout import Typesetter
from core.pdf.pages import paginate
from core.pdf.pen import Pen
from core.pdf.style import MARGIN_SIDE, MARGIN_TOP, PAGE_HEIGHT, PAGE_WIDTH, ROOM
from core.zone import SHANGHAI


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place kept for a signature or a seal: page from 0, in points from the lower left."""

    name: str
    page: int
    left: float
    bottom: float
    right: float
    top: float


def render(document: Document) -> bytes:
    """Return the document as PDF, or raise `MissingGlyph`."""
    face(REGULAR), face(BOLD)  # registered before the canvas asks for one by name
    sheets = _sheets(document)
    output = io.BytesIO()
    canvas = Canvas(
        output,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,  # type: ignore[arg-type] # the stub says float
        lang=document.labels.language,
    )
    _describe(canvas, document)
    pen = Pen(canvas)
    for number, sheet in enumerate(sheets, start=1):
        furniture.draw(pen, document, number=number, total=len(sheets))
        for placed in sheet.placed:
            placed.box.draw(pen, x=MARGIN_SIDE, top=MARGIN_TOP + placed.top)
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def places(document: Document) -> tuple[Place, ...]:
    """Return where `render` leaves room for signatures and seals."""
    found = []
    for page, sheet in enumerate(_sheets(document)):
        for placed in sheet.placed:
            for area in placed.box.areas():
                left = MARGIN_SIDE + area.x
                top = PAGE_HEIGHT - MARGIN_TOP - placed.top - area.y
                found.append(
                    Place(
                        name=area.name,
                        page=page,
                        left=left,
                        bottom=top - area.height,
                        right=left + area.width,
                        top=top,
                    )
                )
    names = [place.name for place in found]
    if len(set(names)) < len(names):
        raise ValueError("two places to sign have one name")
    return tuple(found)


def _sheets(document: Document) -> list[Sheet]:
    content = Typesetter(labels=document.labels).set(document.blocks)
    return paginate(content, first=furniture.title_height(document), room=ROOM)


def _describe(canvas: Canvas, document: Document) -> None:
    canvas.setTitle(document.title)
    canvas.setSubject(document.code)
    canvas.setAuthor(document.issuer)
    canvas.setCreator("Hengping")
    canvas.setProducer("Hengping")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    if document.at is not None:
        stamp = document.at.astimezone(SHANGHAI).strftime("D:%Y%m%d%H%M%S+08'00'")

        def fixed(*_: Any) -> str:
            return stamp

        canvas.setDateFormatter(fixed)
