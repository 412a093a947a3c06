"""Walk every address of the system and write down what a caller gets to see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# The mask the design allows: roots and signatures of checkpoints, equal in length.
_SIGNATURE = re.compile(r"(— \S+ )([A-Za-z0-9+/=]{90,110})")
_ROOT = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])")
_ROOT_URL = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
# A box sealed anew for the host's key: its ephemeral key is drawn where no test can seed it.
_BOX = re.compile(r'("box": ")([A-Za-z0-9_-]+)"')
_LITERAL = re.compile(r"'(?:[^']|'')*'|\bs\d+_x\d+\b|\b\d+\b")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one call gave: status, headers, body, and the statements behind it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    statements: tuple[tuple[str, int], ...]


def addresses(known: Mapping[str, str]) -> Iterator[str]:
    """Every address that can be written with the ids known, each once."""
    for prefix, _ in patterns():
        names = re.findall(r"<(?:\w+:)?(\w+)>", prefix)
        if all(name in known for name in names):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: known[match[1]], prefix)


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """Every address of the system as it is written down, with its view."""
    return _patterns(get_resolver(), "")


def look(client: Client, path: str) -> Seen:
    """Call one address and record the answer and its statements with the rows they fetched."""
    return _seen(lambda: client.get(path))


def press(client: Client, path: str, form: Mapping[str, str]) -> Seen:
    """Post to one address as a program does, and record the same."""
    return _seen(lambda: client.post(path, form, headers={"Accept": "application/json"}))


def call(client: Client, method: str, path: str) -> Seen:
    """Call one address by any method."""
    return _seen(lambda: client.generic(method, path))


def _seen(ask: Callable[[], Any]) -> Seen:
    statements: list[tuple[str, int]] = []

    def note(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        cursor = context["cursor"]
        statements.append((_LITERAL.sub("?", str(sql)), cursor.rowcount))
        return result

    with connection.execute_wrapper(note):
        reply = ask()
    content = b"".join(reply) if reply.streaming else reply.content
    return Seen(
        status=reply.status_code,
        headers=tuple(sorted((k, v) for k, v in reply.headers.items())),
        body=masked(content.decode("utf-8", "replace")),
        statements=tuple(statements),
    )


def masked(text: str) -> str:
    """Hide what alone may differ, keeping its length."""
    text = _SIGNATURE.sub(lambda m: m[1] + "S" * len(m[2]), text)
    text = _BOX.sub(lambda m: m[1] + "B" * len(m[2]) + '"', text)
    text = _ROOT.sub(lambda m: "R" * len(m[0]), text)
    return _ROOT_URL.sub(lambda m: "R" * len(m[0]), text)


def _patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, route)
        else:
            yield route, entry
