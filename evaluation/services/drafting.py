"""Drawing report and score sheets, and keeping them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from evaluation.documents.report import render_report
from evaluation.documents.score_sheets import Entry, Sheet, render_sheets
from evaluation.models import Panel, Report, Result, Score
from evaluation.services import panels, papers
from sealing import canonical


def draft(panel: Panel, *, result: Result, now: datetime) -> Report:
    """Draw what the members read before they sign, and the score sheets."""
    body = papers.body(panel, result=result, now=now)
    pdf = render_report(body, signatures=(), at=now)
    sheets = render_sheets(body, sheets=_sheets(panel, result), at=now)
    return Report.objects.create(
        panel=panel,
        body=body,
        sha256=hashlib.sha256(canonical.dumps(body)).hexdigest(),
        pdf=keep(panel, "report", pdf),
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        sheets_pdf=keep(panel, "sheets", sheets),
        sheets_sha256=hashlib.sha256(sheets).hexdigest(),
        made_at=now,
    )


def keep(panel: Panel, kind: str, content: bytes) -> str:
    """Store a PDF under a name nobody can guess; return the name."""
    return default_storage.save(f"panel/{panel.pk}/{kind}-{uuid4()}.pdf", ContentFile(content))


def kept(name: str) -> bytes:
    """Return a PDF that was stored."""
    with default_storage.open(name) as file:
        content: bytes = file.read()
    return content


def _sheets(panel: Panel, result: Result) -> list[Sheet]:
    """Return each member's sheet: the scores of the case, the reasons as they were typed."""
    rows = Score.objects.filter(seat__panel=panel).select_related("criterion", "file")
    reasons = {(row.seat_id, str(row.bid_id), row.criterion.key): row for row in rows}
    return [
        Sheet(
            seat=seat.code,
            name=seat.person.name,
            place=papers.place_of(seat.site),
            locked_at=seat.locked_at,
            lock_sha256=seat.lock_sha256,
            cells={
                (cell["bid"], cell["criterion"]): _entry(
                    cell["score"], reasons.get((seat.pk, cell["bid"], cell["criterion"]))
                )
                for cell in result.case["scores"]
                if cell["member"] == seat.code
            },
        )
        for seat in panels.members(panel)
    ]


def _entry(score: str, row: Score | None) -> Entry:
    if row is None:
        return Entry(score=score)
    page = f"第 {row.page} 页" if row.page else ""
    cited = f"{row.file.name} {page}" if row.file and page else page
    return Entry(score=score, note=row.note, cited=cited)
