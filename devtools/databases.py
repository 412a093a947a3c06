"""Databases beside each other in one cluster, named by the address of any of them.

Run inside the virtual environment, for the story runner, the tests and `./dev` alike:
`python -m devtools.databases ensure|renew|drop ADMIN_URL NAME`.
"""

from __future__ import annotations

import sys
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo


def sibling(url: str, name: str) -> str:
    """Return the address of another database in the same cluster."""
    parts = urlsplit(url)
    # urlunsplit would drop the empty host's slashes if the netloc were empty; it never is here.
    return urlunsplit(parts._replace(path=f"/{name}"))


def connect(url: str) -> psycopg.Connection:
    """Connect as the address says, each statement its own transaction."""
    parts = urlsplit(url)
    named = {
        "host": parts.hostname,
        "port": parts.port,
        "user": parts.username and unquote(parts.username),
        "password": parts.password and unquote(parts.password),
        "dbname": unquote(parts.path.lstrip("/")),
        **dict(parse_qsl(parts.query)),
    }
    words = {key: str(value) for key, value in named.items() if value is not None}
    return psycopg.connect(make_conninfo(**words), autocommit=True)


def exists(admin_url: str, name: str) -> bool:
    """Tell whether the database is there."""
    with connect(admin_url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def create(admin_url: str, name: str, *, template: str = "template1") -> str:
    """Create a database and return its address."""
    with connect(admin_url) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    return sibling(admin_url, name)


def drop(admin_url: str, name: str) -> None:
    """Drop a database if it is there, and send its clients away."""
    with connect(admin_url) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def main(act: str, admin_url: str, name: str) -> None:
    """Do one act from the command line."""
    if act in {"renew", "drop"}:
        drop(admin_url, name)
    if act in {"renew", "ensure"} and not exists(admin_url, name):
        create(admin_url, name)


if __name__ == "__main__":
    main(*sys.argv[1:])
