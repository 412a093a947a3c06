"""The header of a sealed bid: what it says, and whether it may say so. SPEC.md §2.1."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from sealing import canonical, pieces, stream, suites
from sealing.encoding import b64u, unb64u
from sealing.errors import Code, SealingError
from sealing.padding import FORM_BYTES, PACKAGE_STEP, PACKAGE_STEPS
from sealing.shapes import (
    among,
    exact,
    is_hash,
    is_id,
    is_kid,
    is_list,
    is_object,
    same,
    some_octets,
)
from sealing.shapes import whole as whole_number
from sealing.suites import DEFAULT, LABELS, Suite, SuiteId

MAGIC = b"GGZYBID1"
MAX_HEADER = 65536
FORM = 0
PACKAGE = 1
PART_NAMES = ("form", "package")
ENVELOPES = ("single", "technical", "price")

_LENGTH_BYTES = 4

_CONTEXT = {
    "tender": is_id,
    "lot": is_id,
    "envelope": among(*ENVELOPES),
    "bidder": is_id,
    "bid": is_id,
    "deadline_id": is_id,
}
_HEADER = {
    "v": same(1),
    "suite": among(*SuiteId),
    "ctx": is_object,
    "kc": is_hash,
    "shares": is_list,
    "rec": is_list,
    "parts": is_list,
}
_SHARE = {"l": among(*LABELS), "kid": is_kid, "box": some_octets, "com": is_hash}
_PART = {
    "n": among(*PART_NAMES),
    "len": whole_number(),
    "ct": whole_number(),
    "kc": is_hash,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a sealed bid belongs to; `bidder` is the opaque per-lot party."""

    tender: str
    lot: str
    envelope: str
    bidder: str
    bid: str
    deadline_id: str

    def body(self) -> dict[str, str]:
        """Return the checked JSON object."""
        return exact(asdict(self), _CONTEXT, what="ctx")

    @property
    def digest(self) -> bytes:
        """The hash that binds every key and box to this context."""
        return hashlib.sha256(canonical.dumps(self.body())).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedShare:
    """One share as the header carries it."""

    label: str
    kid: str
    box: bytes
    commitment: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Lengths of one part and the commitment of its key."""

    name: str
    length: int
    ciphertext: int
    commitment: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header that passed every structural check."""

    suite: Suite
    context: Context
    commitment: bytes
    shares: tuple[BoxedShare, ...]
    parts: tuple[Part, ...]
    recovery: pieces.Sets = ()

    @property
    def json(self) -> bytes:
        """The canonical bytes of the header."""
        return canonical.dumps(
            {
                "v": 1,
                "suite": self.suite.id.value,
                "ctx": self.context.body(),
                "kc": b64u(self.commitment),
                "shares": [
                    {"l": s.label, "kid": s.kid, "box": b64u(s.box), "com": b64u(s.commitment)}
                    for s in self.shares
                ],
                "rec": pieces.body(self.recovery),
                "parts": [
                    {"n": p.name, "len": p.length, "ct": p.ciphertext, "kc": b64u(p.commitment)}
                    for p in self.parts
                ],
            }
        )

    @property
    def prefix(self) -> bytes:
        """The first bytes of the file, header included."""
        json = self.json
        return MAGIC + len(json).to_bytes(_LENGTH_BYTES, "big") + json

    @property
    def sha256(self) -> bytes:
        """The hash of the prefix: it is bound into both parts, the log and the receipt."""
        return hashlib.sha256(self.prefix).digest()

    @property
    def size(self) -> int:
        """How long the sealed file must be."""
        return len(self.prefix) + sum(part.ciphertext for part in self.parts)

    def offset(self, index: int) -> int:
        """Where part `index` begins in the file."""
        return len(self.prefix) + sum(part.ciphertext for part in self.parts[:index])

    @property
    def recovery_kids(self) -> frozenset[str]:
        """The keys of those who may recover the bidder's share; empty if nobody may."""
        return frozenset(one.kid for chosen in self.recovery for one in chosen)

    def share(self, label: str) -> BoxedShare:
        """Return the share of this label."""
        for share in self.shares:
            if share.label == label:
                return share
        raise SealingError(Code.MALFORMED, f"no share is labelled {label}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the reader knows from elsewhere. None: any; but suite and holders are the tender's.

    `recovery`: the keys of the holders whom the tender names, and how many of them it takes; a
    bidder takes all of them or none.
    """

    suite: SuiteId = DEFAULT.id
    tender: str | None = None
    lot: str | None = None
    envelope: str | None = None
    bidder: str | None = None
    bid: str | None = None
    deadline_id: str | None = None
    bidder_kid: str | None = None
    host_kid: str | None = None
    recovery: tuple[int, frozenset[str]] | None = None


def read(file: BinaryIO) -> Header:
    """Read the header from the start of `file`; the file then stands at part 0."""
    head = _read_up_to(file, len(MAGIC) + _LENGTH_BYTES)
    magic, length = head[: len(MAGIC)], head[len(MAGIC) :]
    if not magic or not MAGIC.startswith(magic):
        raise SealingError(Code.NOT_ENCRYPTED, "this is not a sealed bid")
    if len(length) < _LENGTH_BYTES:
        raise SealingError(Code.TRUNCATED, "ends inside the header")
    size = int.from_bytes(length, "big")
    if not 1 <= size <= MAX_HEADER:
        raise SealingError(Code.MALFORMED, f"a header of {size} bytes")
    data = _read_up_to(file, size)
    if len(data) < size:
        raise SealingError(Code.TRUNCATED, "ends inside the header")
    return parse(data)


def parse(data: bytes) -> Header:
    """Read the header's JSON."""
    if not 1 <= len(data) <= MAX_HEADER:
        raise SealingError(Code.MALFORMED, f"a header of {len(data)} bytes")
    body = canonical.loads(data)
    if isinstance(body, dict) and "suite" in body:
        suites.of(body["suite"])
    body = exact(body, _HEADER, what="header")
    suite = suites.of(body["suite"])
    header = Header(
        suite=suite,
        context=Context(**exact(body["ctx"], _CONTEXT, what="ctx")),
        commitment=unb64u(body["kc"]),
        shares=_shares(body["shares"], suite),
        parts=_parts(body["parts"]),
        recovery=pieces.read(body["rec"], suite=suite),
    )
    owners = {share.kid for share in header.shares}
    if len(owners) < len(header.shares):
        raise SealingError(Code.MALFORMED, "both shares are boxed to one key")
    if owners & header.recovery_kids:
        raise SealingError(Code.MALFORMED, "a key of the shares recovers too")
    return header


def check(header: Header, expected: Expected) -> None:
    """Compare a header with what it must belong to."""
    if header.suite.id is not expected.suite:
        raise SealingError(Code.UNKNOWN_SUITE, f"sealed with {header.suite.id}")
    for name in _CONTEXT:
        wanted = getattr(expected, name)
        if wanted is not None and getattr(header.context, name) != wanted:
            raise SealingError(Code.WRONG_CONTEXT, name)
    for label, kid in zip(LABELS, (expected.bidder_kid, expected.host_kid), strict=True):
        if kid is not None and header.share(label).kid != kid:
            raise SealingError(Code.WRONG_KEY, f"sealed to another {label} key")
    if header.recovery and expected.recovery != (len(header.recovery[0]), header.recovery_kids):
        raise SealingError(Code.WRONG_KEY, "not the recovery that the tender offers")


def check_size(header: Header, size: int) -> None:
    """Compare the size of the whole file with what the header fixes."""
    if size < header.size:
        raise SealingError(Code.TRUNCATED, f"{size} of {header.size} bytes")
    if size > header.size:
        raise SealingError(Code.TRAILING, f"{size - header.size} bytes too many")


def _shares(items: list[Any], suite: Suite) -> tuple[BoxedShare, ...]:
    bodies = [exact(item, _SHARE, what="share") for item in items]
    if [body["l"] for body in bodies] != list(LABELS):
        raise SealingError(Code.MALFORMED, "shares are not bidder and host, in this order")
    shares = tuple(
        BoxedShare(
            label=body["l"],
            kid=body["kid"],
            box=unb64u(body["box"]),
            commitment=unb64u(body["com"]),
        )
        for body in bodies
    )
    for share in shares:
        if not suite.kem.is_box(share.box):
            raise SealingError(Code.MALFORMED, f"the {share.label} box is not one of its suite")
    return shares


def _parts(items: list[Any]) -> tuple[Part, ...]:
    bodies = [exact(item, _PART, what="part") for item in items]
    if [body["n"] for body in bodies] != list(PART_NAMES):
        raise SealingError(Code.MALFORMED, "parts are not form and package, in this order")
    form, package = bodies
    if form["len"] != FORM_BYTES:
        raise SealingError(Code.MALFORMED, "the form is not padded to its one length")
    steps, rest = divmod(package["len"], PACKAGE_STEP)
    if rest or not 1 <= steps <= PACKAGE_STEPS:
        raise SealingError(Code.MALFORMED, "the package is not padded to a whole step")
    for body in bodies:
        if body["ct"] != stream.ciphertext_length(body["len"]):
            raise SealingError(Code.MALFORMED, f"ciphertext length of {body['n']}")
    return tuple(
        Part(
            name=body["n"],
            length=body["len"],
            ciphertext=body["ct"],
            commitment=unb64u(body["kc"]),
        )
        for body in bodies
    )


def _read_up_to(file: BinaryIO, size: int) -> bytes:
    """Read `size` bytes or to the end: an unbuffered file may give less than asked."""
    data = b""
    while len(data) < size and (chunk := file.read(size - len(data))):
        data += chunk
    return data
