"""Refusals of authoring, publishing, enquiries (T, K for the host key)."""

from __future__ import annotations

from core.verdicts import Text

TEXTS: dict[str, Text] = {}
