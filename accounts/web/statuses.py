"""The HTTP status of each refusal code; a code nobody named is a plain conflict."""

from __future__ import annotations

from collections.abc import Mapping

CONFLICT = 409
_status: dict[str, int] = {}


def register_statuses(statuses: Mapping[str, int]) -> None:
    """Name the HTTP status of codes that are not plain conflicts (409)."""
    _status.update(statuses)


def status_of(code: str) -> int:
    """Return the status of a code."""
    return _status.get(code, CONFLICT)
