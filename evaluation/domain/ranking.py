"""The result of a panel: from one `case` to ranks, ties drawn where no rule parts them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.formulas import evaluate, read_case, write_outcome
from sealing import canonical

# Gives an order of all valid bids; only asked for where a tie waits for it.
Order = Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bid's place as it is handed on; of joint first bids only the one drawn keeps rank 1."""

    bid: str
    rank: int
    total: Decimal | None


def settle(case: Mapping[str, Any], *, order: Order) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the case with its draws and the outcome; `order` is asked once if ties wait."""
    settled = {**case, "draws": list(case.get("draws", []))}
    outcome = write_outcome(evaluate(read_case(settled)))
    if not outcome["pending_draws"]:
        return settled, outcome
    drawn = list(order())
    while outcome["pending_draws"]:
        settled["draws"] += [sorted(tie, key=drawn.index) for tie in outcome["pending_draws"]]
        outcome = write_outcome(evaluate(read_case(settled)))
    return settled, outcome


def places(outcome: Mapping[str, Any]) -> list[Place]:
    """Return the ranked bids, best first."""
    first = outcome["first"]
    rows = [
        Place(
            bid=row["key"],
            rank=row["rank"] + 1 if row["rank"] == 1 and row["key"] != first else row["rank"],
            total=Decimal(row["total"]) if row["total"] is not None else None,
        )
        for row in outcome["bids"]
        if row["rank"] is not None
    ]
    return sorted(rows, key=lambda row: (row.rank, row.bid))


def digest(case: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a case's canonical JSON."""
    return hashlib.sha256(canonical.dumps(dict(case))).hexdigest()


def recompute(body: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Reckon a filed `{"case", "outcome"}` again; return the outcome and what differs.

    A bare case has nothing to differ from.
    """
    case = body.get("case", body)
    outcome = write_outcome(evaluate(read_case(case)))
    filed = body.get("outcome") if "case" in body else None
    return outcome, [] if filed is None else sorted(differing(filed, outcome))


def differing(filed: object, again: object, pointer: str = "") -> Iterable[str]:
    """Return the JSON pointers at which two values differ."""
    if isinstance(filed, Mapping) and isinstance(again, Mapping):
        for name in sorted({*filed, *again}):
            yield from differing(filed.get(name), again.get(name), f"{pointer}/{name}")
    elif isinstance(filed, list) and isinstance(again, list) and len(filed) == len(again):
        for number, (one, other) in enumerate(zip(filed, again, strict=True)):
            yield from differing(one, other, f"{pointer}/{number}")
    elif filed != again or type(filed) is not type(again):
        yield pointer or "/"
