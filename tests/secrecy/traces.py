"""Follow every trace in a database: rows that share a value are neighbours.

A reader of the database knows a firm and its people and wants to know in which tenders they take
part. So we begin at everything that names them and go from row to row by whatever two rows have
in common: an id, a long word, a hash, an exact instant. What is reached must not speak of a
tender.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from django.db import connection

from accounts.session_store import salt

_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
# To the microsecond: a whole second is a column of the law or of a default, not of an act.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3,6}")
# Drawn by lot or computed: it holds a digit, which the name of a column or a class does not.
_WORD = re.compile(r"(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{20,}")
_BYTES = re.compile(r"\\\\x((?:[0-9a-f]{2})+)")
_LONG = 16


@dataclass(frozen=True, slots=True)
class Row:
    """A row, as text with everything in it that can be unpacked."""

    table: str
    text: str
    values: frozenset[str]


@dataclass
class Dump:
    """Every row of every table, and where each value stands."""

    rows: list[Row]
    places: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for row in self.rows:
            for value in row.values:
                self.places[value].append(row)

    def values(self, *tables: str) -> set[str]:
        """Every value that stands in these tables."""
        return {value for row in self.rows if row.table in tables for value in row.values}


def dump(*, without: Collection[str] = ()) -> Dump:
    """Read every table but these."""
    rows = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in sorted(cursor.fetchall()):
            if table in without:
                continue
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            rows += [_row(table, text) for (text,) in cursor.fetchall()]
    return Dump(rows)


def trail(
    found: Dump, *, start: Iterable[str], words: Collection[str], stop: Collection[str]
) -> Mapping[Row, tuple[Row | None, str]]:
    """Return every row that can be reached, with the row and the value it was reached by.

    The walk begins at the values of `start` and at every row in which one of `words` stands
    anywhere; it goes through no value of `stop`.
    """
    named = [(row, word) for row in found.rows for word in words if word in row.text]
    named += [(row, value) for value in start for row in found.places.get(value, ())]
    reached: dict[Row, tuple[Row | None, str]] = {}
    ahead: list[tuple[Row, Row | None, str]] = [(row, None, value) for row, value in named]
    while ahead:
        row, before, value = ahead.pop()
        if row in reached:
            continue
        reached[row] = before, value
        onward = row.values.difference(stop)
        ahead += [(other, row, one) for one in onward for other in found.places[one]]
    return reached


def way_to(row: Row, reached: Mapping[Row, tuple[Row | None, str]]) -> str:
    """Spell the way from a name to a row."""
    steps: list[str] = []
    here: Row | None = row
    while here is not None:
        before, value = reached[here]
        steps.append(f"{value} → {here.table}")
        here = before
    return " → ".join(reversed(steps))


def _row(table: str, text: str) -> Row:
    whole = "\n".join((text, *_unpacked(table, text)))
    return Row(table=table, text=whole, values=frozenset(_values(whole)))


def _unpacked(table: str, text: str) -> Iterator[str]:
    """What is wrapped in a row but not sealed: bytes that are text, a session's data."""
    for hexed in _BYTES.findall(text):
        yield bytes.fromhex(hexed).decode("utf-8", "replace")
    if table == "django_session":
        key = re.search(r'"session_key":"([^"]*)"', text)
        data = re.search(r'"session_data":"([^"]*)"', text)
        assert key is not None
        assert data is not None
        yield str(signing.loads(data[1], salt=salt(key[1]), serializer=JSONSerializer))


def _values(text: str) -> Iterator[str]:
    for one in _UUID.findall(text):
        yield one.replace("-", "")
    for one in _INSTANT.findall(text):
        yield one.replace(" ", "T").rstrip("0")
    yield from _WORD.findall(text)
    for hexed in _BYTES.findall(text):
        if len(hexed) >= 2 * _LONG:
            yield hexed
