"""The opening form (开标一览表) that lies in part 0: SPEC.md §3.2."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sealing import canonical
from sealing.errors import Code, SealingError
from sealing.shapes import exact, is_id, is_list, is_object, same, text, whole

MAX_CLAIMS = 16384
MAX_EXTRA = 40

_MEMBERS = {
    "v": same(1),
    "lot": is_id,
    "doc_version": whole(),
    "price_fen": whole(),
    "duration_days": whole(),
    "quality": text(200),
    "manager": text(200),
    "claims": is_object,
    "extra": is_list,
}
_EXTRA = {"label": text(200), "value": text(200)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One more column of the form, as the tender documents name it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is read out at the opening."""

    lot: str
    doc_version: int
    price_fen: int
    duration_days: int
    quality: str
    manager: str
    claims: Mapping[str, Any] = field(default_factory=dict)
    extra: Sequence[Column] = ()

    def body(self) -> dict[str, Any]:
        """Return the checked JSON object."""
        return _checked(
            {
                "v": 1,
                "lot": self.lot,
                "doc_version": self.doc_version,
                "price_fen": self.price_fen,
                "duration_days": self.duration_days,
                "quality": self.quality,
                "manager": self.manager,
                "claims": dict(self.claims),
                "extra": [asdict(column) for column in self.extra],
            }
        )

    def dumps(self) -> bytes:
        """Return the canonical bytes that are sealed."""
        return canonical.dumps(self.body())

    @property
    def sha256(self) -> bytes:
        """The hash under which the result entry names this form."""
        return hashlib.sha256(self.dumps()).digest()


def loads(data: bytes) -> Form:
    """Read the sealed bytes."""
    try:
        return from_body(canonical.loads(data))
    except SealingError as error:
        raise SealingError(Code.FORM, error.detail) from error


def from_body(body: object) -> Form:
    """Read the JSON object."""
    members = dict(_checked(body))
    del members["v"]
    extra = tuple(Column(**column) for column in members.pop("extra"))
    return Form(**members, extra=extra)


def _checked(body: object) -> dict[str, Any]:
    members = exact(body, _MEMBERS, what="form", code=Code.FORM)
    if len(canonical.dumps(members["claims"])) > MAX_CLAIMS:
        raise SealingError(Code.TOO_LARGE, "claims")
    if _holds_nul(members["claims"]):
        raise SealingError(Code.FORM, "claims: U+0000")
    if len(members["extra"]) > MAX_EXTRA:
        raise SealingError(Code.TOO_LARGE, "extra columns")
    for column in members["extra"]:
        exact(column, _EXTRA, what="extra column", code=Code.FORM)
    return members


def _holds_nul(value: object) -> bool:
    """Tell whether a text in a JSON value holds U+0000, which no database keeps as text."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(item) for pair in value.items() for item in pair)
    return isinstance(value, list | tuple) and any(_holds_nul(item) for item in value)
