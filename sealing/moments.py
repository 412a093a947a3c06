"""Instants as evidence spells them: UTC, milliseconds, a Z."""

from __future__ import annotations

from datetime import UTC, datetime


def spell(at: datetime) -> str:
    """Spell an aware datetime; what is finer than a millisecond is cut off, never rounded up."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its zone")
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def read(text: str) -> datetime:
    """Read what `spell` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
