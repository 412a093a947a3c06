"""Drawing report and score sheets, and keeping them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from evaluation.documents.report import render_report
from evaluation.documents.score_sheets import Sheet, render_sheets
from evaluation.models import Panel, Report, Result
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


def _sheets(panel: Panel, result: Result) -> list[Sheet]:
    cells = result.case["scores"]
    return [
        Sheet(
            seat=seat.code,
            name=seat.person.name,
            site=seat.site,
            locked_at=seat.locked_at,
            lock_sha256=seat.lock_sha256,
            scores={
                (cell["bid"], cell["criterion"]): cell["score"]
                for cell in cells
                if cell["member"] == seat.code
            },
        )
        for seat in panels.members(panel)
    ]
