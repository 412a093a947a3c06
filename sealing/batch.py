"""The batch of one tick: 65,536 places of which nobody can tell the taken from the empty.

SPEC.md §8. An empty subtree is one HMAC, so a batch costs what its entries cost, not its places.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sealing.errors import Code, SealingError
from sealing.suites import Random

DEPTH = 16
PLACES = 1 << DEPTH
KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A tick's entries at their places; key and places stay secret."""

    key: bytes = field(repr=False)
    places: Mapping[int, bytes] = field(repr=False)

    def root(self) -> bytes:
        """Return the data of the tick's leaf in the log."""
        return self._levels()[DEPTH].get(0) or self._empty(DEPTH, 0)

    def path(self, place: int) -> list[bytes]:
        """Return the 16 siblings from a taken place up."""
        if place not in self.places:
            raise SealingError(Code.PROOF, "nothing stands at this place")
        return [
            level.get(place >> number ^ 1) or self._empty(number, place >> number ^ 1)
            for number, level in enumerate(self._levels()[:DEPTH])
        ]

    def _levels(self) -> list[dict[int, bytes]]:
        levels = [dict(self.places)]
        for number in range(1, DEPTH + 1):
            below = levels[-1]
            made: dict[int, bytes] = {}
            for index in {place >> 1 for place in below}:
                left, right = (
                    below.get(child) or self._empty(number - 1, child)
                    for child in (2 * index, 2 * index + 1)
                )
                made[index] = _node(number, left, right)
            levels.append(made)
        return levels

    def _empty(self, level: int, index: int) -> bytes:
        message = bytes([level]) + index.to_bytes(4, "big")
        return hmac.digest(self.key, message, "sha256")


def build(entries: Sequence[bytes], *, random: Random = secrets.token_bytes) -> Batch:
    """Give each entry hash a random place of its own."""
    if len(entries) > PLACES // 2:
        raise SealingError(Code.TOO_LARGE, f"{len(entries)} entries in one tick")
    key = random(KEY_BYTES)
    places: dict[int, bytes] = {}
    for entry in entries:
        while (place := int.from_bytes(random(2), "big")) in places:
            pass
        places[place] = entry
    return Batch(key=key, places=places)


def root_from_path(entry: bytes, *, place: int, path: Sequence[bytes]) -> bytes:
    """Compute the batch root that this path claims."""
    if len(path) != DEPTH or not 0 <= place < PLACES:
        raise SealingError(Code.PROOF, "not a path of a batch")
    value = entry
    for level, sibling in enumerate(path):
        pair = (sibling, value) if place >> level & 1 else (value, sibling)
        value = _node(level + 1, *pair)
    return value


def _node(level: int, left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"ggzy-log/1 node\0" + bytes([level]) + left + right).digest()
