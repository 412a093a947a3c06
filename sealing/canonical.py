"""Canonical JSON: RFC 8785 with ASCII keys and integers only, one text in every language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from sealing.errors import Code, SealingError

MAX_DEPTH = 32
_SAFE = 2**53  # beyond this a JavaScript number no longer tells neighbours apart


def dumps(value: object) -> bytes:
    """Write `value` canonically; refuse what has no single spelling."""
    _check(value, depth=0)
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SealingError(Code.MALFORMED, "a lone surrogate has no UTF-8") from error


def loads(data: bytes) -> Any:
    """Read canonical JSON; anything that would be written otherwise is refused."""
    value = loads_lenient(data)
    if dumps(value) != data:
        raise SealingError(Code.MALFORMED, "JSON is not canonical")
    return value


def loads_lenient(data: bytes) -> Any:
    """Read JSON in any layout, still without duplicate keys, fractions or exotic values."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise SealingError(Code.MALFORMED, "not JSON") from error
    _check(value, depth=0)
    return value


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise SealingError(Code.MALFORMED, "a key stands twice")
    return made


def _no_fraction(text: str) -> NoReturn:
    raise SealingError(Code.MALFORMED, f"{text[:20]} is not an integer")


def _check(value: object, *, depth: int) -> None:
    if value is None or isinstance(value, bool | str):
        return
    if isinstance(value, int):
        if not -_SAFE < value < _SAFE:
            raise SealingError(Code.MALFORMED, "an integer of 2^53 or more")
    elif depth == MAX_DEPTH:
        raise SealingError(Code.MALFORMED, "JSON is nested too deeply")
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, depth=depth + 1)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise SealingError(Code.MALFORMED, "a key that is not ASCII text")
            _check(item, depth=depth + 1)
    else:
        raise SealingError(Code.MALFORMED, f"{type(value).__name__} has no canonical JSON")
