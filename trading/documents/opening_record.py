"""The opening record (开标记录表) as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def render_record(
    body: Mapping[str, Any], *, staff: Mapping[str, str], signed_at: datetime
) -> bytes:
    """Draw the record; `body` as `services.opening.record_sheet.body` gives it."""
    from core.pdf import render_opening_record  # noqa: PLC0415

    return render_opening_record(body, staff=staff, signed_at=signed_at)
