"""A stream of random numbers that anybody can make again from three values.

Key: HMAC-SHA256 of the seed over context and public entropy, each with its length in front, so
that no two pairs run together. Blocks: HMAC-SHA256 of the key over a counter. Whoever knew the
seed beforehand did not know the entropy; whoever knows the entropy did not know the seed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_COMMIT = b"hengping draw commitment 1"
_STREAM = b"hengping draw stream 1"
# Anything shorter could be found by trying all, and then the commitment would hide nothing.
SEED_BYTES = 32


class Stream:
    """The numbers of one draw, in the order they are asked for."""

    def __init__(self, *, seed: bytes, context: str, entropy: bytes) -> None:
        _check(seed)
        body = _STREAM + _framed(context.encode()) + _framed(entropy)
        self._bytes = _blocks(hmac.digest(seed, body, hashlib.sha256))

    def below(self, n: int) -> int:
        """Return a number from 0 to n - 1, each equally likely.

        Draws of as many bits as n - 1 has are thrown away until one fits: a remainder instead
        would favour the small numbers.
        """
        if n < 1:
            raise ValueError("there is nothing below 1 to draw")
        bits = (n - 1).bit_length()
        size = (bits + 7) // 8
        while True:
            drawn = int.from_bytes(bytes(next(self._bytes) for _ in range(size)), "big")
            drawn >>= size * 8 - bits
            if drawn < n:
                return drawn

    def choose(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.below(len(items))]

    def sample(self, items: Sequence[T], take: int) -> list[T]:
        """Return so many of the items, each at most once, in the order drawn."""
        if not 0 <= take <= len(items):
            raise ValueError(f"{take} cannot be drawn from {len(items)}")
        left = list(items)
        for place in range(take):
            other = place + self.below(len(left) - place)
            left[place], left[other] = left[other], left[place]
        return left[:take]

    def shuffle(self, items: Sequence[T]) -> list[T]:
        """Return all items in the order drawn."""
        return self.sample(items, len(items))


def commitment(seed: bytes, context: str) -> bytes:
    """Return what is published before the draw: it fixes the seed and tells nothing of it."""
    _check(seed)
    return hashlib.sha256(_COMMIT + _framed(context.encode()) + _framed(seed)).digest()


def _blocks(key: bytes) -> Iterator[int]:
    counter = 0
    while True:
        yield from hmac.digest(key, counter.to_bytes(8, "big"), hashlib.sha256)
        counter += 1


def _framed(part: bytes) -> bytes:
    return len(part).to_bytes(8, "big") + part


def _check(seed: bytes) -> None:
    if len(seed) < SEED_BYTES:
        raise ValueError(f"a seed has at least {SEED_BYTES} bytes")
