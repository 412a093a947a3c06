"""Refusals of from the report to the contract (W)."""

from __future__ import annotations

from core.verdicts import Text

TEXTS: dict[str, Text] = {}
