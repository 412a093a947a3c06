"""The peer of `burst`: the rows that finalising writes, inserted raw, one transaction a bid."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import psycopg
from psycopg import sql

from devtools import databases

#: A table and one row of it in PostgreSQL's own spelling.
Row = tuple[str, str]

_TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
_SCHEMA = "raw"


def transaction_id(url: str) -> int:
    """Return an id that is lower than that of every transaction to come."""
    with databases.connect(url) as connection:
        found = connection.execute("SELECT txid_current()").fetchone()
    assert found is not None
    return int(found[0])


def written_since(url: str, *, txid: int, transactions: int) -> list[list[Row]]:
    """Return the rows that were inserted or changed since, dealt out to so many transactions.

    An empty twin of each table, indexes and checks included, is made to take them.
    """
    dealt: list[list[Row]] = [[] for _ in range(transactions)]
    with databases.connect(url) as connection:
        connection.execute(f"CREATE SCHEMA {_SCHEMA}")
        for (table,) in connection.execute(_TABLES).fetchall():
            rows = connection.execute(
                sql.SQL("SELECT t::text FROM public.{} t WHERE xmin::text::bigint > %s").format(
                    sql.Identifier(table)
                ),
                [txid],
            ).fetchall()
            if rows:
                _make_twin(connection, table)
            for number, (row,) in enumerate(rows):
                dealt[number % transactions].append((table, row))
    return dealt


def empty(url: str) -> None:
    """Make room for the next round."""
    with databases.connect(url) as connection:
        found = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'",
            [_SCHEMA],
        ).fetchall()
        for (table,) in found:
            connection.execute(sql.SQL("TRUNCATE {}").format(_twin(table)))


def work(share: tuple[str, Sequence[Sequence[Row]]], ready: Callable[[], None]) -> float:
    """Insert a share in a process of its own; returns the seconds it took."""
    url, transactions = share
    with databases.connect(url) as connection:
        inserts = {table: _insert(table) for one in transactions for table, _ in one}
        ready()
        begun = time.perf_counter()
        for rows in transactions:
            with connection.transaction():
                for table, row in rows:
                    connection.execute(inserts[table], [row])
        return time.perf_counter() - begun


def sizes(dealt: Sequence[Sequence[Row]]) -> Iterator[tuple[str, float]]:
    """Give each table with its rows a bid."""
    tables = [table for one in dealt for table, _ in one]
    for table in sorted(set(tables)):
        yield table, round(tables.count(table) / len(dealt), 2)


def _make_twin(connection: psycopg.Connection, table: str) -> None:
    connection.execute(
        sql.SQL("CREATE TABLE {} (LIKE public.{} INCLUDING ALL)").format(
            _twin(table), sql.Identifier(table)
        )
    )


def _insert(table: str) -> sql.Composed:
    return sql.SQL("INSERT INTO {} SELECT (%s::{}).*").format(_twin(table), _twin(table))


def _twin(table: str) -> sql.Identifier:
    return sql.Identifier(_SCHEMA, table)
