"""The mark of a view that is open to everybody.

The guards with roles live in `accounts`, which stands above; the architecture test reads this same
mark.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    view.hp_guard = "public"  # type: ignore[attr-defined]  # read by the architecture test
    return view
