"""Strict reading of a JSON object: no unknown, missing, repeated or ill-typed field."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


class BadFieldError(Exception):
    """The body is not what the wire's description asks for; the text names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: how its value is read, and whether it may be absent or null."""

    read: Callable[[Any], Any]
    required: bool = True
    default: Any = None


def optional(field: Field, *, default: Any = None) -> Field:
    """Let `field` be absent or null, then standing for `default`."""
    return Field(read=field.read, required=False, default=default)


def text(*, most: int, least: int = 1, pattern: str = r"[^\x00-\x1f\x7f]*") -> Field:
    """Take a string of `least` to `most` characters matching `pattern` as a whole."""
    shape = re.compile(pattern)

    def read(value: Any) -> str:
        if not isinstance(value, str) or not least <= len(value) <= most:
            raise ValueError(f"a string of {least} to {most} characters")
        if not shape.fullmatch(value):
            raise ValueError(f"a string of the form {pattern}")
        value.encode()  # a lone surrogate has no UTF-8 and could not be stored
        return value

    return Field(read=read)


def whole(*, least: int, most: int) -> Field:
    """Take an integer in a range; true and false are not integers here."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"an integer from {least} to {most}")
        return value

    return Field(read=read)


def one_of(*allowed: str) -> Field:
    """Take one of a closed list of words."""

    def read(value: Any) -> str:
        if value not in allowed or not isinstance(value, str):
            raise ValueError("one of " + ", ".join(allowed))
        return value

    return Field(read=read)


def _day(value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("a date YYYY-MM-DD")
    return date.fromisoformat(value)


def _instant(value: Any) -> datetime:
    if not isinstance(value, str) or not re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", value
    ):
        raise ValueError("an instant with its offset from UTC")
    return datetime.fromisoformat(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("an object")  # noqa: TRY004 - the reader turns ValueError into a refusal
    return value


def _sequence(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise ValueError("a list")  # noqa: TRY004 - as above
    return value


DAY = Field(read=_day)
INSTANT = Field(read=_instant)
MAPPING = Field(read=_mapping)
SEQUENCE = Field(read=_sequence)
FEN = whole(least=1, most=10**15)


def read(body: bytes, spec: Mapping[str, Field]) -> dict[str, Any]:
    """Read `body` by `spec`, or raise `BadFieldError`."""
    try:
        found = json.loads(
            body.decode(),
            object_pairs_hook=_no_twins,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except (ValueError, RecursionError) as error:
        raise BadFieldError(f"not strict JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadFieldError("not a JSON object")
    return check(found, spec)


def check(found: Mapping[str, Any], spec: Mapping[str, Field]) -> dict[str, Any]:
    """Check an object that has been parsed already."""
    for name in found:
        if name not in spec:
            raise BadFieldError(f"unknown field {name!r}")
    values: dict[str, Any] = {}
    for name, field in spec.items():
        if found.get(name) is None:
            if field.required:
                raise BadFieldError(f"missing field {name!r}")
            values[name] = field.default
            continue
        try:
            values[name] = field.read(found[name])
        except ValueError as error:
            raise BadFieldError(f"{name!r} must be {error}") from None
    return values


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is repeated")
    return found


def _no_float(literal: str) -> Any:
    raise ValueError(f"{literal} is not an integer")
