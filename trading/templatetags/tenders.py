"""A tender's rules and columns in words, for the author's page and the public ones alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from trading import words

register = template.Library()


@register.filter
def formula_lines(formula: Mapping[str, Any]) -> list[str]:
    """Say a price formula in sentences; a draft without one says nothing."""
    return words.formula_lines(formula) if formula else []


@register.filter
def duration_word(category: str) -> object:
    """Name the days that a bidder offers: the time for works, for delivery, for service."""
    return words.duration_word(category)
