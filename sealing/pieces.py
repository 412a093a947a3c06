"""The bidder's share in pieces, for those who may recover it: SPEC.md §2.4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.shapes import exact, is_hash, is_kid, some_octets
from sealing.suites import SHARE_BYTES, Random, Suite

LEAST = 2
MOST = 5

_PIECE = {"kid": is_kid, "box": some_octets, "com": is_hash}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """Who may recover: `need` of those who hold these keys. Any `need` of them, and no fewer."""

    need: int
    publics: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedPiece:
    """One piece as the header carries it."""

    kid: str
    box: bytes
    commitment: bytes


# One set for each choice of `need` holders; the pieces of one set make the share.
Sets = tuple[tuple[BoxedPiece, ...], ...]


def label(number: int, place: int) -> str:
    """Name a piece by its set and its place there, so that it serves nowhere else."""
    return f"recovery {number}.{place}"


def split(share: bytes, *, holders: Holders, suite: Suite, ctxh: bytes, random: Random) -> Sets:
    """Cut the share anew for each set: all pieces but the last are random, their XOR is it."""
    publics = {suite.b64_kid(public): public for public in holders.publics}
    if len(publics) != len(holders.publics):
        raise SealingError(Code.MALFORMED, "the same recovery key twice")
    made = []
    for number, kids in enumerate(chosen(publics, need=holders.need)):
        drawn = [random(SHARE_BYTES) for _ in kids[1:]]
        pieces = [*drawn, xor([share, *drawn])]
        made.append(
            tuple(
                BoxedPiece(
                    kid=kid,
                    box=suite.box(
                        piece, public=publics[kid], label=label(number, place), ctxh=ctxh
                    ),
                    commitment=suite.commit(piece, label=label(number, place), ctxh=ctxh),
                )
                for place, (kid, piece) in enumerate(zip(kids, pieces, strict=True))
            )
        )
    return tuple(made)


def chosen(kids: Sequence[str] | dict[str, bytes], *, need: int) -> list[tuple[str, ...]]:
    """List every choice of `need` of these keys, in the one order there is."""
    if not LEAST <= need <= len(kids) <= MOST:
        raise SealingError(Code.MALFORMED, f"recovery by {need} of {len(kids)}")
    return list(combinations(sorted(kids), need))


def body(sets: Sets) -> list[list[dict[str, str]]]:
    """Return the JSON of the header's `rec`."""
    return [
        [{"kid": one.kid, "box": b64u(one.box), "com": b64u(one.commitment)} for one in pieces]
        for pieces in sets
    ]


def read(value: list[Any], *, suite: Suite) -> Sets:
    """Read `rec`: nothing, or exactly one set for each choice of holders."""
    if not value:
        return ()
    sets = tuple(_set(one, suite) for one in value)
    kids = {one.kid for pieces in sets for one in pieces}
    found = [tuple(one.kid for one in pieces) for pieces in sets]
    if found != chosen(list(kids), need=len(found[0])):
        raise SealingError(Code.MALFORMED, "rec: not one set for each choice of holders")
    return sets


def xor(pieces: Sequence[bytes]) -> bytes:
    """Add up pieces of one length."""
    total = 0
    for piece in pieces:
        total ^= int.from_bytes(piece, "big")
    return total.to_bytes(SHARE_BYTES, "big")


def _set(value: object, suite: Suite) -> tuple[BoxedPiece, ...]:
    if not isinstance(value, list):
        raise SealingError(Code.MALFORMED, "rec: a set that is no list")
    pieces = []
    for one in value:
        members = exact(one, _PIECE, what="piece")
        boxed = unb64u(members["box"])
        if not suite.kem.is_box(boxed):
            raise SealingError(Code.MALFORMED, "a recovery box is not one of its suite")
        pieces.append(BoxedPiece(kid=members["kid"], box=boxed, commitment=unb64u(members["com"])))
    return tuple(pieces)
