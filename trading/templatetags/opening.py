"""The hall's state holds moments as text, as its events do; pages show them like all others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.verdicts import Explained, Reason, explain

register = template.Library()

# The twin of SECURITIES in frontend/hall/words.ts.
_SECURITIES: dict[str, Promise] = {
    "LOCKED": _("到账"),
    "MATCHED": _("到账"),
    "GUARANTEE": _("保函"),
    "WAIVED": _("免收"),
    "UNPAID": _("未到账"),
    "MISMATCH": _("不符"),
    "NONE": _("不收取"),
}


@register.filter
def from_iso(text: str) -> datetime:
    """Read a moment of the hall's state."""
    return datetime.fromisoformat(text)


@register.filter
def security_word(security: dict[str, str | None]) -> str:
    """Say how a bidder's security stands; the reason's code beside a bad one."""
    status = security.get("status")
    if not status:
        return ""
    code = security.get("code")
    said = str(_SECURITIES.get(status, status))
    return f"{said} {code}" if code else said


@register.simple_tag
def explained(reason: Reason) -> Explained:
    """Put a reason into words, where a page says them in a sentence of its own."""
    return explain(reason)


@register.filter
def seat_code(seat: Mapping[str, Any], stage: str) -> str:
    """Name the chip that says how far a bidder is (the twin of `lookOf` in frontend/hall)."""
    if seat["answer"]:
        return f"answer.{seat['answer']}"
    if seat["state"] != "SEALED":
        return f"bid.{seat['state']}"
    if seat["code"]:
        return "seat.RETRY"
    return "seat.WAITING" if stage in {"DECRYPT_BIDDER", "DECRYPT_TENDERER"} else "bid.SEALED"
