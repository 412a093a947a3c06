"""What is written into the transparency log: one class a kind, fields as SPEC.md §8.1.

Hashes and keys are base64url text, instants as `moments.spell` writes them: an entry is what it
looks like in evidence. A bidder appears only as the opaque per-lot party.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from operator import itemgetter
from typing import Any, ClassVar, Self

from sealing.errors import Code, SealingError
from sealing.pieces import LEAST, MOST
from sealing.shapes import (
    Check,
    among,
    exact,
    is_hash,
    is_id,
    is_kid,
    is_moment,
    nullable,
    octets,
    same,
    whole,
)
from sealing.suites import BIDDER, DEFAULT, LABELS, OTHERS, SuiteId, of

OPENED = "opened"
UNRELEASED = "unreleased"
INVALID = "invalid"
OUTCOMES = (OPENED, UNRELEASED, INVALID)

_OUTCOME = {"leaf": is_hash, "outcome": among(*OUTCOMES), "form_sha256": nullable(is_hash)}


def _are_outcomes(value: object) -> bool:
    """Tell outcomes sorted by leaf, each once, a form's hash exactly where a bid was opened."""
    if not isinstance(value, list):
        return False
    for one in value:
        exact(one, _OUTCOME, what="outcome", code=Code.ENTRY)
        if (one["outcome"] == OPENED) != (one["form_sha256"] is not None):
            return False
    return _ascending([one["leaf"] for one in value])


def _are_keys(value: object) -> bool:
    """Tell keys sorted by kid, each once."""
    if not isinstance(value, list):
        return False
    for one in value:
        exact(one, {"kid": is_kid, "public": _is_public}, what="key", code=Code.ENTRY)
    return _ascending([one["kid"] for one in value])


def _are_kids(value: object) -> bool:
    """Tell names of keys, sorted, each once."""
    return isinstance(value, list) and all(map(is_kid, value)) and _ascending(value)


def _ascending(names: list[str]) -> bool:
    return names == sorted(set(names))


def _is_public(value: object) -> bool:
    """Tell a public key of some suite; its kid, which names the suite, is compared elsewhere."""
    return any(octets(of(one).kem.public_bytes)(value) for one in SuiteId)


_CHECKS: Mapping[str, Check] = {
    **dict.fromkeys(("tender", "lot", "party", "bid", "deadline_id", "authority"), is_id),
    **dict.fromkeys(("at", "deadline_at"), is_moment),
    **dict.fromkeys(("doc_version", "size", "count"), whole()),
    "envelope": among("single", "technical", "price"),
    "kid": is_kid,
    "public": _is_public,
    "suite": among(*OTHERS),
    "outcomes": _are_outcomes,
    "need": whole(LEAST, MOST),
    "keys": _are_keys,
    "holders": _are_kids,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one live bid ended; the form's hash stands exactly where it was opened."""

    leaf: str
    outcome: str
    form_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedKey:
    """A public key under its name."""

    kid: str
    public: str


# Members that are lists: in which order an entry tells them, and what an item is read into.
_LISTS: Mapping[str, tuple[Callable[[Any], str], Callable[[Any], object]]] = {
    "outcomes": (itemgetter("leaf"), lambda one: Outcome(**one)),
    "keys": (itemgetter("kid"), lambda one: NamedKey(**one)),
    "holders": (str, str),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something the log remembers."""

    kind: ClassVar[str]
    roles: ClassVar[tuple[str, ...]] = LABELS

    at: str

    def body(self) -> dict[str, Any]:
        """Return the checked JSON object."""
        members = asdict(self)
        # Suite 1 was frozen before there were others: its entries name no suite.
        if members.get("suite") == DEFAULT.id:
            del members["suite"]
        for name, (order, _) in _LISTS.items():
            if name in members:
                members[name] = sorted(members[name], key=order)
        return self._checked({"v": 1, "kind": self.kind, **members})

    @classmethod
    def from_body(cls, body: object) -> Self:
        """Read the JSON object of this kind."""
        members = dict(cls._checked(body))
        del members["v"], members["kind"]
        for name, (_, read) in _LISTS.items():
            if name in members:
                members[name] = tuple(map(read, members[name]))
        return cls(**members)

    @classmethod
    def _checked(cls, body: object) -> dict[str, Any]:
        # Every member without a check of its own is a hash.
        members = {one.name: _CHECKS.get(one.name, is_hash) for one in fields(cls)}
        if "role" in members:
            members["role"] = among(*cls.roles)
        if "suite" in members and isinstance(body, dict) and "suite" not in body:
            del members["suite"]
        wanted = {"v": same(1), "kind": same(cls.kind), **members}
        return exact(body, wanted, what=cls.kind, code=Code.ENTRY)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPublished(Entry):
    """The host key of a tender was published."""

    kind: ClassVar[str] = "key.publish"
    roles: ClassVar[tuple[str, ...]] = ("host",)

    tender: str
    role: str
    kid: str
    public: str
    suite: str = DEFAULT.id


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPublished(Entry):
    """The documents of a tender name those who may recover a bidder's share, `need` together."""

    kind: ClassVar[str] = "recovery.publish"

    tender: str
    need: int
    keys: tuple[NamedKey, ...]
    suite: str = DEFAULT.id


@dataclass(frozen=True, slots=True, kw_only=True)
class BidReceived(Entry):
    """The last byte of a sealed bid had arrived at `at`."""

    kind: ClassVar[str] = "bid.receive"

    tender: str
    lot: str
    envelope: str
    party: str
    bid: str
    deadline_id: str
    doc_version: int
    ct_root: str
    ct_sha256: str
    ct_sm3: str
    size: int
    header_sha256: str
    form_ct_sha256: str
    kc: str
    signature_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BidSuperseded(Entry):
    """A bid was replaced by a newer one of the same party; both are named by their entry hash."""

    kind: ClassVar[str] = "bid.supersede"

    tender: str
    lot: str
    envelope: str
    party: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BidWithdrawn(Entry):
    """A bid was withdrawn (撤回) before the deadline."""

    kind: ClassVar[str] = "bid.withdraw"

    tender: str
    lot: str
    envelope: str
    party: str
    old: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderClosed(Entry):
    """The deadline passed; the live bids are fixed by a hash that tells nothing of them."""

    kind: ClassVar[str] = "tender.close"

    tender: str
    lot: str
    envelope: str
    deadline_id: str
    deadline_at: str
    count: int
    set_root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareReleased(Entry):
    """A share met the commitment `com` of its bid."""

    kind: ClassVar[str] = "share.release"

    tender: str
    lot: str
    envelope: str
    bid: str
    role: str
    com: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRecovered(Entry):
    """Holders put a bidder's share together, and it met the commitment `com` of its bid."""

    kind: ClassVar[str] = "share.recover"
    role: ClassVar[str] = BIDDER

    tender: str
    lot: str
    envelope: str
    bid: str
    com: str
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningResult(Entry):
    """What was announced, all at once."""

    kind: ClassVar[str] = "open.result"

    tender: str
    lot: str
    envelope: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointStamped(Entry):
    """A timestamp authority saw a checkpoint."""

    kind: ClassVar[str] = "checkpoint.ts"

    size: int
    root: str
    token_sha256: str
    authority: str


KINDS: Mapping[str, type[Entry]] = {
    kind.kind: kind
    for kind in (
        KeyPublished,
        RecoveryPublished,
        BidReceived,
        BidSuperseded,
        BidWithdrawn,
        TenderClosed,
        ShareReleased,
        ShareRecovered,
        OpeningResult,
        CheckpointStamped,
    )
}


def parse(body: object) -> Entry:
    """Read an entry of any kind."""
    kind = KINDS.get(str(body.get("kind"))) if isinstance(body, dict) else None
    if kind is None:
        raise SealingError(Code.ENTRY, "no entry of a known kind")
    return kind.from_body(body)
