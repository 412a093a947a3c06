"""What happened, as data: the base of every event that enters an audit stream.

An event is a frozen dataclass. Its `name` is dotted and past tense (`bid.withdrawn`), its
docstring is its documentation and is checked when the class is made, its `body()` holds JSON
values only, so that the same event has the same bytes everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from core import decimals

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_known: dict[str, type[DomainEvent]] = {}


class EventError(TypeError):
    """An event class is badly made, or a value in it has no canonical JSON form."""


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Something that happened; a subclass without a name of its own is only a common base."""

    __slots__ = ()
    name: ClassVar[str]

    def __init_subclass__(cls) -> None:
        name = cls.__dict__.get("name")
        if name is None:
            return
        if not _NAME.fullmatch(name):
            raise EventError(f"{cls.__qualname__}: {name!r} is not a dotted lower-case name")
        if not (cls.__doc__ or "").strip():
            raise EventError(f"{cls.__qualname__}: an event without a docstring is undocumented")
        other = _known.get(name, cls)
        # A dataclass with slots is made twice, at first without its outer name; that is no clash.
        if (other.__module__, other.__name__) != (cls.__module__, cls.__name__):
            raise EventError(f"{name!r} names both {other.__qualname__} and {cls.__qualname__}")
        _known[name] = cls

    def body(self) -> dict[str, Any]:
        """Return the facts as JSON values, in the order the class lists them."""
        return {item.name: json_value(getattr(self, item.name)) for item in fields(self)}


def known_events() -> Mapping[str, type[DomainEvent]]:
    """Return every event class loaded so far by name, for documentation and its tests."""
    return MappingProxyType(_known)


def json_value(value: object) -> Any:
    """Turn a value into canonical JSON: no floats, moments in UTC to the microsecond."""
    if isinstance(value, Enum):
        return json_value(value.value)
    if value is None or isinstance(value, bool | int | str):
        # Subclasses of str and int (text choices) must not reach the encoder as themselves.
        return value if value is None or isinstance(value, bool) else _plain(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Decimal):
        return decimals.write(value)
    if isinstance(value, Mapping):
        return {str(json_value(key)): json_value(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: json_value(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [json_value(item) for item in value]
    raise EventError(f"no canonical JSON form for {type(value).__name__}")


def moment(instant: datetime) -> str:
    """Write an instant as RFC 3339 in UTC with six decimals and a `Z`."""
    if instant.tzinfo is None:
        raise EventError("a moment without a time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: int | str) -> int | str:
    return str.__str__(value) if isinstance(value, str) else int(value)
