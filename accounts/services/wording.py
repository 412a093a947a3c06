"""A sentence in one language, whoever's request is being answered."""

from __future__ import annotations

from django.utils import translation
from django.utils.functional import Promise


def said_in(language: str, sentence: str | Promise) -> str:
    """Return a lazy translation as it reads in a language; plain text stays as it is."""
    with translation.override(language):
        return str(sentence)
