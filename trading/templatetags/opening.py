"""The hall's state holds moments as text, as its events do; pages show them like all others."""

from __future__ import annotations

from datetime import datetime

from django import template

register = template.Library()


@register.filter
def from_iso(text: str) -> datetime:
    """Read a moment of the hall's state."""
    return datetime.fromisoformat(text)
