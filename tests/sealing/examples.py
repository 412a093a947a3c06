"""How many examples a property is shown: each mutant meets them all again, so it meets fewer."""

from __future__ import annotations

import os

from hypothesis import settings

_FOR_A_MUTANT = 25


def examples(count: int) -> settings:
    """Ask for `count` examples, for fewer while a mutant is under test."""
    fewer = "MUTANT_UNDER_TEST" in os.environ
    return settings(max_examples=min(count, _FOR_A_MUTANT) if fewer else count)
