"""What a JSON object must look like: exact members, each with its check."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from sealing.encoding import unb64u
from sealing.errors import Code, SealingError

Check = Callable[[object], bool]

_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}\Z")
_MOMENT = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z\Z",
    re.ASCII,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def exact(
    value: object, members: Mapping[str, Check], *, what: str, code: Code = Code.MALFORMED
) -> dict[str, Any]:
    """Return `value` if it is an object of exactly these members, each passing its check."""
    if not isinstance(value, dict):
        raise SealingError(code, f"{what} is not an object")
    if value.keys() != members.keys():
        odd = sorted(value.keys() ^ members.keys())
        raise SealingError(code, f"{what}: members {odd}")
    for name, check in members.items():
        if not check(value[name]):
            raise SealingError(code, f"{what}: {name}")
    return cast("dict[str, Any]", value)


def same(wanted: object) -> Check:
    """Accept exactly this value; `True` is not 1."""
    return lambda value: type(value) is type(wanted) and value == wanted


def among(*wanted: str) -> Check:
    """Accept one of these words."""
    return lambda value: isinstance(value, str) and value in wanted


def whole(low: int = 0, high: int = 2**53 - 1) -> Check:
    """Accept an integer from `low` to `high`, both included."""
    return lambda value: type(value) is int and low <= value <= high


def octets(length: int) -> Check:
    """Accept base64url of exactly `length` bytes."""
    return lambda value: some_octets(value) and len(unb64u(cast("str", value))) == length


def some_octets(value: object) -> bool:
    """Accept base64url of any length."""
    if not isinstance(value, str):
        return False
    try:
        unb64u(value)
    except SealingError:
        return False
    return True


def text(limit: int) -> Check:
    """Accept text of at most `limit` UTF-16 code units (as JavaScript counts), no controls."""
    return lambda value: (
        isinstance(value, str) and utf16_length(value) <= limit and not _CONTROL.search(value)
    )


def nullable(check: Check) -> Check:
    """Accept null, or what `check` accepts."""
    return lambda value: value is None or check(value)


def is_id(value: object) -> bool:
    """Tell an identifier: 1 to 64 of `A-Z a-z 0-9 . _ : -`."""
    return isinstance(value, str) and bool(_ID.match(value))


def is_moment(value: object) -> bool:
    """Tell UTC with milliseconds, the one spelling of an instant in evidence."""
    return isinstance(value, str) and bool(_MOMENT.match(value))


def is_object(value: object) -> bool:
    """Tell any JSON object; its members are checked elsewhere."""
    return isinstance(value, dict)


def is_list(value: object) -> bool:
    """Tell any JSON array; its items are checked elsewhere."""
    return isinstance(value, list)


def utf16_length(value: str) -> int:
    """Count UTF-16 code units."""
    return len(value) + sum(1 for character in value if ord(character) > 0xFFFF)  # noqa: PLR2004 - the end of the basic plane


is_hash = octets(32)
is_kid = octets(16)
