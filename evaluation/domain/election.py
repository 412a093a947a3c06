"""The vote for the panel's leader: most votes; a tie goes to a second round among the tied.

Tied again, the lowest seat leads: seats were numbered by the draw.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

LAST_ROUND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The leader's seat number, or those who stand in the next round."""

    leader: int | None
    tied: tuple[int, ...] = ()


def tally(votes: Collection[int], *, round_number: int) -> Tally:
    """Count one whole round of votes, each the number of the seat voted for."""
    counts: Mapping[int, int] = Counter(votes)
    most = max(counts.values())
    first = tuple(sorted(seat for seat, count in counts.items() if count == most))
    if len(first) == 1 or round_number >= LAST_ROUND:
        return Tally(leader=first[0])
    return Tally(leader=None, tied=first)
