"""A sentence in one language, whoever's request is being answered."""

from __future__ import annotations

from typing import cast

from django.utils import translation
from django.utils.functional import Promise, lazy


def said_in(language: str, sentence: str | Promise) -> str:
    """Return a lazy translation as it reads in a language; plain text stays as it is."""
    with translation.override(language):
        return str(sentence)


def in_both(chinese: str, english: str) -> Promise:
    """Return a sentence that was kept in both languages as one that reads in either."""

    def said() -> str:
        return (translation.get_language() == "en" and english) or chinese

    return cast("Promise", lazy(said, str)())
