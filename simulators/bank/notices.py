"""Notices to the platform: written with the books, pushed until they are answered with 200."""

from __future__ import annotations

import http.client
import secrets
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from simulators.bank import faults
from simulators.kit.server import json_bytes
from simulators.kit.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS notices (
    number INTEGER PRIMARY KEY AUTOINCREMENT, notice_id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
    body BLOB NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at REAL NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0, repeats INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS notices_waiting ON notices (next_at) WHERE delivered = 0;
"""

WAITS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # real seconds: a network does not run on story time
TIMEOUT_SECONDS = 10.0
LOOK_SECONDS = 0.25


class Dialect(Protocol):
    """What pushing needs of a dialect: the headers that vouch for a notice."""

    def notice_headers(self, target: str, body: bytes) -> Mapping[str, str]:
        """Sign a notice afresh."""


def write(
    connection: sqlite3.Connection,
    *,
    kind: str,
    identity: Mapping[str, str],
    content: Mapping[str, Any],
) -> None:
    """Put a notice into the books, in the transaction of what it tells."""
    notice_id = secrets.token_hex(12)
    body = json_bytes({**identity, "notice_id": notice_id, "type": kind, **content})
    connection.execute(
        "INSERT INTO notices (notice_id, type, body) VALUES (?, ?, ?)", (notice_id, kind, body)
    )


class Pusher(threading.Thread):
    """Pushes what is due, one at a time, for as long as the process lives."""

    def __init__(
        self, *, store: Store, dialect: Dialect, webhook: str, before: Callable[[], None]
    ) -> None:
        super().__init__(name="pusher", daemon=True)
        self._store = store
        self._dialect = dialect
        self._webhook = webhook
        self._before = before
        self._wake = threading.Event()
        self._ending = threading.Event()

    def run(self) -> None:
        """Look, push, rest."""
        while not self._ending.is_set():
            try:
                self._look()
            except Exception:  # noqa: BLE001 - one bad look must not silence the bank for good
                sys.excepthook(*sys.exc_info())
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def wake(self) -> None:
        """Look now: something was written."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the push in hand and end."""
        self._ending.set()
        self._wake.set()
        self.join(TIMEOUT_SECONDS + 1)

    def _look(self) -> None:
        self._before()
        while self._webhook and not self._ending.is_set() and self._push_next():
            pass

    def _push_next(self) -> bool:
        with self._store.transaction() as connection:
            row = connection.execute(
                "SELECT * FROM notices WHERE delivered = 0 AND next_at <= ?"
                " ORDER BY number LIMIT 1",
                (time.time(),),
            ).fetchone()
            if row is None:
                return False
            number, repeats = row["number"], row["repeats"]
            if row["attempts"] == 0:
                fault = faults.decide(connection, row["type"])
                if fault.kind == "LOSE_NOTICE":
                    connection.execute(
                        "UPDATE notices SET delivered = 1 WHERE number = ?", (number,)
                    )
                    return True
                repeats = fault.args["times"] if fault.kind == "REPEAT_NOTICE" else 0
            connection.execute(
                "UPDATE notices SET attempts = attempts + 1, repeats = ?, next_at = ?"
                " WHERE number = ?",
                (repeats, time.time() + WAITS[min(row["attempts"], len(WAITS) - 1)], number),
            )
        if self._post(row["body"]):
            with self._store.transaction() as connection:
                connection.execute(
                    "UPDATE notices SET delivered = (repeats = 0), repeats = max(repeats - 1, 0),"
                    " next_at = 0 WHERE number = ?",
                    (number,),
                )
        return True

    def _post(self, body: bytes) -> bool:
        where = urlsplit(self._webhook)
        target = where.path + (f"?{where.query}" if where.query else "")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **self._dialect.notice_headers(target, body),
        }
        door = http.client.HTTPConnection(
            where.hostname or "", where.port or 80, timeout=TIMEOUT_SECONDS
        )
        try:
            door.request("POST", target, body=body, headers=headers)
            answer = door.getresponse()
            answer.read(65536)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            door.close()
        return answer.status == http.client.OK
