"""An article of law in the language of the page."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import get_language

from core.law import in_english


def _in_the_readers_language(text: str) -> str:
    return in_english(text) if get_language() == "en" else text


#: The citations of a Chinese text, written when and for whom they are read.
cited = lazy(_in_the_readers_language, str)
