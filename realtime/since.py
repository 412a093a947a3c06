"""Where a client says it stands: `since={"<stream>": <number>, …}` and `epoch=1` in the query."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

_LONGEST = 4096


class UnreadableError(ValueError):
    """The query does not say where the client stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The numbers a client has seen, and the epoch they belong to."""

    cursors: Mapping[str, int]
    epoch: int | None
    wait: float

    def of(self, streams: Iterable[str]) -> dict[str, int]:
        """Return the cursors of these streams; one that was not named begins at its beginning."""
        return {name: self.cursors.get(name, 0) for name in streams}


def read(query: bytes) -> Standing:
    """Read the query of a socket or a long poll."""
    if len(query) > _LONGEST:
        raise UnreadableError
    try:
        told = {name: values[-1] for name, values in parse_qs(query.decode("ascii")).items()}
        cursors = json.loads(told.get("since", "{}"))
        epoch = int(told["epoch"]) if "epoch" in told else None
        wait = float(told.get("wait", "0"))
    except (ValueError, RecursionError):
        raise UnreadableError from None
    if not isinstance(cursors, dict) or not all(_is_number(number) for number in cursors.values()):
        raise UnreadableError
    return Standing(cursors=cursors, epoch=epoch, wait=wait)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
