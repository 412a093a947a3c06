"""A seal found in a PDF, as the child that found it hands it on."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One signature in the file; nothing here says that anybody is to be trusted.

    `intact`: what it covers is what was signed, by the key of `certificate`. `whole`: it covers
    the file from the first byte to the last. `claimed_at` is the signer's own word; `token` is an
    RFC 3161 timestamp over `signature`, unchecked.
    """

    intact: bool
    whole: bool
    certificate: bytes  # DER
    signature: bytes
    token: bytes  # DER, empty without one
    claimed_at: datetime | None


def as_json(seal: Seal) -> dict[str, Any]:
    """Return the seal as JSON values."""
    return {name: _plain(value) for name, value in asdict(seal).items()}


def from_json(told: Mapping[str, Any]) -> Seal:
    """Return the seal that `as_json` wrote."""
    moment = told["claimed_at"]
    return Seal(
        intact=told["intact"] is True,
        whole=told["whole"] is True,
        certificate=b64decode(told["certificate"]),
        signature=b64decode(told["signature"]),
        token=b64decode(told["token"]),
        claimed_at=datetime.fromisoformat(moment) if moment else None,
    )


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, datetime) else value
