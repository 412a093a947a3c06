"""What every page carries: whose it is, which document, which page, of which data."""

from __future__ import annotations

import dataclasses

from core.pdf.document import Document
from core.pdf.pen import Pen
from core.pdf.setting import Line, lines
from core.pdf.style import (
    CEREMONY,
    DIGEST,
    FURNITURE,
    MARGIN_BOTTOM,
    MARGIN_SIDE,
    MARGIN_TOP,
    MM,
    PAGE_HEIGHT,
    SUBTITLE,
    TITLE,
    WIDTH,
)

HEAD_TOP = 12 * MM
FOOT_TOP = PAGE_HEIGHT - MARGIN_BOTTOM + 5 * MM
UNDER_TITLE = 1 * MM
AFTER_TITLE = 4 * MM


def title_height(document: Document) -> float:
    """Return the room the title takes on the first page."""
    title, subtitle = _titles(document)
    under = UNDER_TITLE + len(subtitle) * SUBTITLE.leading
    return len(title) * TITLE.leading + under + AFTER_TITLE


def draw(pen: Pen, document: Document, *, number: int, total: int) -> None:
    """Draw head and foot, and on the first page the title."""
    _head(pen, document, first=number == 1)
    if number == 1:
        title, subtitle = _titles(document)
        pen.text(title, x=MARGIN_SIDE, top=MARGIN_TOP, style=TITLE)
        under = MARGIN_TOP + len(title) * TITLE.leading + UNDER_TITLE
        pen.text(subtitle, x=MARGIN_SIDE, top=under, style=SUBTITLE)
    _foot(pen, document, number=number, total=total)


def _titles(document: Document) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    title = lines(document.title, width=WIDTH, style=TITLE)
    subtitle = lines(document.subtitle, width=WIDTH, style=SUBTITLE) if document.subtitle else ()
    return title, subtitle


def _head(pen: Pen, document: Document, *, first: bool) -> None:
    left = document.issuer if first else document.title
    code = f"{document.labels.code} {document.code}"
    _across(pen, left, code, top=HEAD_TOP)
    under = HEAD_TOP + FURNITURE.leading + 1.5 * MM
    if first:
        pen.rule(x=MARGIN_SIDE, top=under, width=WIDTH, colour=CEREMONY, thick=1.4)
    else:
        pen.rule(x=MARGIN_SIDE, top=under, width=WIDTH)


def _foot(pen: Pen, document: Document, *, number: int, total: int) -> None:
    pen.rule(x=MARGIN_SIDE, top=FOOT_TOP, width=WIDTH)
    page = document.labels.page % {"number": number, "total": total}
    _across(pen, document.notice, page, top=FOOT_TOP + 1 * MM)
    if document.data_sha256:
        digest = f"{document.labels.data} {document.data_sha256}"
        set_digest = lines(digest, width=WIDTH, style=DIGEST)
        pen.text(set_digest, x=MARGIN_SIDE, top=FOOT_TOP + 5 * MM, style=DIGEST)


def _across(pen: Pen, left: str, right: str, *, top: float) -> None:
    """Set two texts on one line; the left one yields when both cannot stand."""
    at_right = dataclasses.replace(FURNITURE, align="right")
    set_right = lines(right, width=WIDTH, style=at_right)[:1]
    room = WIDTH - set_right[0].width - 8 * MM
    set_left = lines(left, width=room, style=FURNITURE)
    if len(set_left) > 1:
        shown = lines(left, width=room - FURNITURE.size * 1.1, style=FURNITURE)[0]
        text = "".join(piece.text for piece in shown.pieces)
        set_left = lines(text + "…", width=room, style=FURNITURE)
    pen.text(set_left[:1], x=MARGIN_SIDE, top=top, style=FURNITURE)
    pen.text(set_right, x=MARGIN_SIDE, top=top, style=at_right)
