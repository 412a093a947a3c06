"""Where the time of a submission goes: each moment counts for the innermost thing that runs."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from accounts.domain import certificates
from trading.services import receipts, sealed_files, uploads

_WATCHED: tuple[tuple[str, Any, str], ...] = (
    ("connecting", BaseDatabaseWrapper, "connect"),
    ("sql", CursorWrapper, "execute"),
    ("sql", CursorWrapper, "executemany"),
    ("commit", BaseDatabaseWrapper, "_commit"),
    ("signatures", certificates, "validate"),
    ("signatures", certificates, "check_revocation"),
    ("signatures", certificates, "check_signature"),
    ("signatures", receipts, "sign"),
    ("files", sealed_files, "examine"),
    ("files", sealed_files, "keep"),
    ("files", uploads, "_delete_pieces"),
)


class Profile:
    """Watches one process whose requests come one after the other."""

    def __init__(self) -> None:
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._inside = 0.0
        for name, owner, attribute in _WATCHED:
            setattr(owner, attribute, self._watched(name, getattr(owner, attribute)))

    def shares(self, seconds: float) -> dict[str, float]:
        """Return the part of each in so many seconds; what is left is Python itself."""
        found = {name: spent / seconds for name, spent in sorted(self._spent.items())}
        return {**found, "python": 1 - sum(found.values())}

    def _watched(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(act)
        def run(*given: Any, **named: Any) -> Any:
            before, self._inside = self._inside, 0.0
            begun = time.perf_counter()
            try:
                return act(*given, **named)
            finally:
                whole = time.perf_counter() - begun
                self._spent[name] += whole - self._inside
                self._inside = before + whole

        return run
