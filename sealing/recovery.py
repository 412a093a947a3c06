"""Recovering a bidder's share with those whom the tender names for it: SPEC.md §2.4."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from sealing import canonical
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.header import Header
from sealing.keys import OpeningKey
from sealing.pieces import BoxedPiece, label, xor
from sealing.shapes import exact, is_hash, is_kid, is_list, same
from sealing.shares import Share, check_share
from sealing.suites import BIDDER

KIND = "ggzy-pieces"

_MEMBERS = {
    "v": same(1),
    "kind": same(KIND),
    "header_sha256": is_hash,
    "kid": is_kid,
    "pieces": is_list,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece taken out of its box, checked. Its repr shows where it belongs only."""

    number: int
    place: int
    secret: bytes = field(repr=False)


def release(header: Header, *, key: OpeningKey) -> tuple[Piece, ...]:
    """Unbox the pieces that are addressed to this key, in the header's order."""
    if key.suite is not header.suite:
        raise SealingError(Code.WRONG_KEY, "the key is of another suite")
    ctxh = header.context.digest
    made = tuple(
        Piece(
            number=number,
            place=place,
            secret=key.unbox(boxed.box, label=label(number, place), ctxh=ctxh),
        )
        for number, place, boxed in _addressed(header, key.kid)
    )
    for piece in made:
        check_piece(header, piece)
    return made


def check_piece(header: Header, piece: Piece) -> None:
    """Refuse a piece that does not meet its commitment in the header."""
    made = header.suite.commit(
        piece.secret, label=label(piece.number, piece.place), ctxh=header.context.digest
    )
    if not hmac.compare_digest(made, header.recovery[piece.number][piece.place].commitment):
        raise SealingError(Code.COMMITMENT, f"piece {piece.number}.{piece.place}")


def recover(header: Header, pieces: Sequence[Piece]) -> Share:
    """Put the bidder's share together from any set that is whole, and check it.

    COMMITMENT if no set is whole, or if the bidder boxed pieces that do not make its share.
    """
    for number, boxed in enumerate(header.recovery):
        found = {one.place: one for one in pieces if one.number == number}
        if len(found) < len(boxed):
            continue
        for one in found.values():
            check_piece(header, one)
        share = Share(label=BIDDER, secret=xor([one.secret for one in found.values()]))
        check_share(header, share)
        return share
    raise SealingError(Code.COMMITMENT, "not enough holders have given their pieces")


def dumps(pieces: Sequence[Piece], *, header: Header, kid: str) -> bytes:
    """Write one holder's pieces of one bid for the way to the server."""
    return canonical.dumps(
        {
            "v": 1,
            "kind": KIND,
            "header_sha256": b64u(header.sha256),
            "kid": kid,
            "pieces": [b64u(one.secret) for one in pieces],
        }
    )


def from_body(body: object, *, header: Header) -> tuple[Piece, ...]:
    """Read one holder's pieces, which must belong to this header, and check each."""
    members = exact(body, _MEMBERS, what="pieces")
    if members["header_sha256"] != b64u(header.sha256):
        raise SealingError(Code.WRONG_CONTEXT, "the pieces belong to another sealed bid")
    places = _addressed(header, members["kid"])
    if len(members["pieces"]) != len(places) or not all(map(is_hash, members["pieces"])):
        raise SealingError(Code.MALFORMED, "pieces: not one for each set of the holder")
    made = tuple(
        Piece(number=number, place=place, secret=unb64u(text))
        for (number, place, _), text in zip(places, members["pieces"], strict=True)
    )
    for piece in made:
        check_piece(header, piece)
    return made


def _addressed(header: Header, kid: str) -> list[tuple[int, int, BoxedPiece]]:
    found = [
        (number, place, boxed)
        for number, pieces in enumerate(header.recovery)
        for place, boxed in enumerate(pieces)
        if boxed.kid == kid
    ]
    if not found:
        raise SealingError(Code.WRONG_KEY, "no piece is addressed to this key")
    return found
