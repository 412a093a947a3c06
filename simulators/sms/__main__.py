"""Start the simulated SMS gateway: `python -m simulators.sms --state DIR`."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from typing import Any

from simulators.kit import clock, fields, server
from simulators.kit.arguments import parser
from simulators.kit.routes import RefusedError, Routes, query
from simulators.kit.server import Request
from simulators.kit.store import StateInUseError, Store

TITLE = "短信网关(模拟)"
SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY, recipient TEXT NOT NULL, text TEXT NOT NULL, reference TEXT UNIQUE,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS messages_by_recipient ON messages (recipient);
"""
MESSAGE = {
    "to": fields.text(least=5, most=21, pattern=r"\+?[0-9]{5,20}"),
    "text": fields.text(most=1000, pattern=r"[^\x00-\x09\x0b-\x1f\x7f]+"),
    "reference": fields.optional(fields.text(most=64)),
}


def routes(store: Store) -> Routes:
    """Return the gateway's door."""

    def send(request: Request) -> Mapping[str, Any]:
        asked = fields.read(request.body, MESSAGE)
        with store.transaction() as connection:
            row = connection.execute(
                "SELECT * FROM messages WHERE reference = ?", (asked["reference"],)
            ).fetchone()
            if row is not None and (row["recipient"], row["text"]) != (asked["to"], asked["text"]):
                raise RefusedError(409, "REFERENCE_REUSED", "编号已用于其他短信")
            number = secrets.token_hex(12) if row is None else row["id"]
            if row is None:
                connection.execute(
                    "INSERT INTO messages VALUES (?, ?, ?, ?, ?)",
                    (
                        number,
                        asked["to"],
                        asked["text"],
                        asked["reference"],
                        clock.beijing(clock.now()),
                    ),
                )
        return {"id": number, "status": "ACCEPTED"}

    def read(request: Request) -> Mapping[str, Any]:
        to = query(request).get("to")
        with store.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM messages WHERE recipient = ? OR ? IS NULL ORDER BY rowid", (to, to)
            ).fetchall()
        return {
            "messages": [
                {
                    "id": row["id"],
                    "to": row["recipient"],
                    "text": row["text"],
                    "reference": row["reference"],
                    "at": row["at"],
                }
                for row in rows
            ]
        }

    return Routes(title=TITLE, acts={("POST", "/messages"): send, ("GET", "/messages"): read})


def main() -> int:
    """Serve until told to stop."""
    told = parser(
        module="simulators.sms", description="A simulated SMS gateway; see README.md."
    ).parse_args()
    try:
        store = Store(told.state, name="sms", schema=SCHEMA)
    except StateInUseError as error:
        sys.stderr.write(f"state in use by another process: {error}\n")
        return 3
    door = server.Server(identity="sms", title=TITLE, port=told.port, handle=routes(store))
    server.run(door, title=TITLE)
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
