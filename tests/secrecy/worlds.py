"""One common world, and what differs: how many firms bid in it."""

from __future__ import annotations

import hashlib
import os
import random  # noqa: TID251 - its source of entropy is replaced
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache

from accounts.models import Role
from core.identifiers import CodeError, make_firm_code
from tests import people, worlds


class Entropy:
    """Bytes that depend on the seed and on how many were drawn."""

    def __init__(self, seed: str) -> None:
        self.seed, self.drawn = seed, 0

    def __call__(self, size: int) -> bytes:
        out = b""
        while len(out) < size:
            out += hashlib.sha256(f"{self.seed}/{self.drawn}".encode()).digest()
            self.drawn += 1
        return out[:size]


@contextmanager
def seeded(seed: str):
    """Let every source of randomness in Python draw from one seed."""
    entropy = Entropy(seed)
    kept = os.urandom
    os.urandom = entropy
    setattr(random, "_urandom", entropy)  # noqa: B010 - a private name of the standard library
    try:
        yield
    finally:
        os.urandom = kept
        setattr(random, "_urandom", kept)  # noqa: B010 - as above


@cache
def _codes() -> list[str]:
    """Valid codes; every eleventh number has none, since its check would be X."""
    codes = []
    for number in range(700_000, 700_080):
        with suppress(CodeError):
            codes.append(make_firm_code(region="320500", number=number))
    return codes


def bidder(number: int):
    """A firm that nobody else in the tests knows."""
    code = _codes()[number]
    firm = people.organisation(code, f"苏州无名建设{number}有限公司", "BIDDER")
    return people.member(people.person(f"unseen{number}", f"佚名{number}"), Role.BIDDER, of=firm)


def with_bidders(world: worlds.World, count: int) -> None:
    """Let so many firms join, ask, download, upload, submit, replace and withdraw."""
    when = worlds.DEADLINE - timedelta(hours=5)
    for number in range(count):
        person = bidder(number)
        worlds.submitted(world, person, price_fen=900_000_000 + number, at=when)
