"""The host key in the hands of three, any two of whom can use it: SPEC.md §7."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sealing import canonical
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.keys import (
    ARGON2ID,
    NONCE_BYTES,
    SALT_BYTES,
    TAG_BYTES,
    OpeningKey,
    PublicKey,
    derive,
    named,
    naming,
    normalise,
    read_file,
    suite_of,
)
from sealing.pieces import xor
from sealing.shapes import Check, exact, is_hash, octets, same, whole
from sealing.suites import SECRET_BYTES, Random, Suite

KIND = "ggzy-host-holder"
HOLDERS = (1, 2, 3)
NEED = 2
PIECE_BYTES = SECRET_BYTES


def _three_hashes(value: object) -> bool:
    return isinstance(value, list) and len(value) == len(HOLDERS) and all(map(is_hash, value))


def _members(suite: Suite) -> Mapping[str, Check]:
    return {
        "v": same(1),
        "kind": same(KIND),
        **naming(suite),
        "holder": whole(min(HOLDERS), max(HOLDERS)),
        "need": same(NEED),
        "of": same(len(HOLDERS)),
        "commitments": _three_hashes,
        "ct": octets(2 * PIECE_BYTES + TAG_BYTES),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What one holder has once the passphrase was right: two of the three pieces."""

    holder: int
    suite: Suite = field(repr=False)
    kid: str
    public: bytes
    commitments: tuple[bytes, ...]
    pieces: dict[int, bytes] = field(repr=False)


def split(
    key: OpeningKey,
    *,
    passphrases: Sequence[str],
    label: str = "",
    random: Random = secrets.token_bytes,
) -> tuple[bytes, bytes, bytes]:
    """Write three holder files; each passphrase is its holder's own."""
    if len(passphrases) != len(HOLDERS):
        raise SealingError(Code.PASSPHRASE, f"{len(HOLDERS)} passphrases are needed")
    first, second = random(PIECE_BYTES), random(PIECE_BYTES)
    pieces = {1: first, 2: second, 3: xor([key.secret, first, second])}
    commitments = [
        b64u(_commit(pieces[n], suite=key.suite, kid=key.kid, number=n)) for n in HOLDERS
    ]
    one, two, three = (
        _write(
            {
                "v": 1,
                "kind": KIND,
                **named(key.suite),
                "kid": key.kid,
                "public": b64u(key.public),
                "label": label,
                "holder": holder,
                "need": NEED,
                "of": len(HOLDERS),
                "commitments": commitments,
                "kdf": {**ARGON2ID, "salt": b64u(random(SALT_BYTES))},
                "nonce": b64u(random(NONCE_BYTES)),
            },
            secret=b"".join(pieces[n] for n in HOLDERS if n != holder),
            passphrase=passphrase,
        )
        for holder, passphrase in zip(HOLDERS, passphrases, strict=True)
    )
    return one, two, three


def read_public(data: bytes) -> PublicKey:
    """Read the host's public key from a holder file; `unwrap` proves that the file is whole."""
    body = _read(data)
    return PublicKey(
        suite=suite_of(body), public=unb64u(body["public"]), kid=body["kid"], label=body["label"]
    )


def unwrap(data: bytes, *, passphrase: str) -> Holding:
    """Open one holder file and check its pieces against the public commitments."""
    body = _read(data)
    suite = suite_of(body)
    secret = derive(normalise(passphrase), body["kdf"])
    try:
        both = AESGCM(secret).decrypt(unb64u(body["nonce"]), unb64u(body["ct"]), _aad(body))
    except InvalidTag as error:
        raise SealingError(Code.PASSPHRASE, "the passphrase does not open this file") from error
    numbers = [n for n in HOLDERS if n != body["holder"]]
    pieces = dict(zip(numbers, (both[:PIECE_BYTES], both[PIECE_BYTES:]), strict=True))
    commitments = tuple(unb64u(one) for one in body["commitments"])
    for number, piece in pieces.items():
        made = _commit(piece, suite=suite, kid=body["kid"], number=number)
        if made != commitments[number - 1]:
            raise SealingError(Code.COMMITMENT, f"piece {number}")
    return Holding(
        holder=body["holder"],
        suite=suite,
        kid=body["kid"],
        public=unb64u(body["public"]),
        commitments=commitments,
        pieces=pieces,
    )


def combine(one: Holding, other: Holding) -> OpeningKey:
    """Rebuild the host key from two holdings of one split."""
    if one.suite is not other.suite or (one.kid, one.public, one.commitments) != (
        other.kid,
        other.public,
        other.commitments,
    ):
        raise SealingError(Code.KEY_FILE, "the files come from different keys or splits")
    if one.holder == other.holder:
        raise SealingError(Code.KEY_FILE, "the same holder twice")
    pieces = one.pieces | other.pieces
    key = OpeningKey.from_raw(xor([pieces[n] for n in HOLDERS]), suite=one.suite)
    if key.public != one.public:
        raise SealingError(Code.KEY_FILE, "the pieces do not make the published key")
    return key


def _write(body: dict[str, Any], *, secret: bytes, passphrase: str) -> bytes:
    wrapping = AESGCM(derive(normalise(passphrase, writing=True), body["kdf"]))
    sealed = wrapping.encrypt(unb64u(body["nonce"]), secret, _aad(body))
    whole_file = {**body, "ct": b64u(sealed)}
    return canonical.dumps(
        exact(whole_file, _members(suite_of(body)), what="holder file", code=Code.KEY_FILE)
    )


def _read(data: bytes) -> dict[str, Any]:
    return cast("dict[str, Any]", read_file(data, _members, what="holder file"))


def _aad(body: dict[str, Any]) -> bytes:
    return canonical.dumps({name: value for name, value in body.items() if name != "ct"})


def _commit(piece: bytes, *, suite: Suite, kid: str, number: int) -> bytes:
    return suite.commit_piece(piece, kid=unb64u(kid), number=number)
