"""Names and account numbers: what counts as the same, and how much of a number may be shown.

Two spellings are the same name when only the typing differs: width, blanks, invisible characters,
middle dots, kinds of brackets, case. A branch office, a traditional character or a dash in place
of 一 is another name: people decide those, never this module (`bank.md` §6).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MIDDLE_DOTS: Final = frozenset("·•‧∙⋅・")
_BRACKETS: Final = str.maketrans(
    dict.fromkeys("（〔［【｛[{", "(") | dict.fromkeys("）〕］】｝]}", ")")
)
_NOT_DIGITS: Final = re.compile(r"[\s\-]+")
_SHOWN: Final = 4


def same_name(one: str, other: str) -> bool:
    """Say whether two names differ in their typing only; an empty name equals nothing."""
    return bool(normalised(one)) and normalised(one) == normalised(other)


def normalised(name: str) -> str:
    """Return the form in which names are compared; normalising it again changes nothing."""
    # Folding case can undo a composition, and what is dropped can join what stood apart.
    while (folded := _folded(name)) != name:
        name = folded
    return name


def _folded(name: str) -> str:
    wide = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    kept = "".join(char for char in wide if not _is_dropped(char))
    return kept.translate(_BRACKETS)


def account_number(text: str) -> str:
    """Return an account number without the blanks and hyphens people write into it."""
    return _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text))


def masked(number: str) -> str:
    """Return the first and last four digits; a short number shows nothing."""
    if len(number) <= 2 * _SHOWN:
        return "*" * len(number)
    return f"{number[:_SHOWN]}****{number[-_SHOWN:]}"


def _is_dropped(char: str) -> bool:
    # Cf holds the zero-width characters and the byte order mark; Zs and Cc the blanks.
    return char in MIDDLE_DOTS or char.isspace() or unicodedata.category(char) in {"Cf", "Cc"}
