"""Money coming in from customers of other banks, now or when the story's clock gets there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from simulators.bank.books import Books, Hour
from simulators.kit.clock import BEIJING, beijing

SCHEMA = """
CREATE TABLE IF NOT EXISTS transfers (
    number INTEGER PRIMARY KEY AUTOINCREMENT, transfer_id TEXT UNIQUE, content TEXT NOT NULL,
    booked_at TEXT NOT NULL, bank_ref TEXT, bank_day TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS transfers_waiting ON transfers (booked_at) WHERE bank_ref IS NULL;
"""


class TransferIdReusedError(Exception):
    """The id already means another transfer."""


def take(books: Books, request: Mapping[str, Any], *, hour: Hour) -> int:
    """Write a transfer down, once per id, and return its number."""
    content = json.dumps(
        dict(request), sort_keys=True, ensure_ascii=False, default=datetime.isoformat
    )
    known = books.connection.execute(
        "SELECT * FROM transfers WHERE transfer_id = ?", (request["transfer_id"],)
    ).fetchone()
    if known is not None:
        if known["content"] != content:
            raise TransferIdReusedError(request["transfer_id"])
        return int(known["number"])
    number = books.connection.execute(
        "INSERT INTO transfers (transfer_id, content, booked_at) VALUES (?, ?, ?)",
        (request["transfer_id"], content, beijing(request["booked_at"] or hour.at)),
    ).lastrowid
    assert number is not None
    return number


def state(books: Books, number: int) -> dict[str, Any]:
    """Return a transfer as its payer sees it."""
    row = books.connection.execute("SELECT * FROM transfers WHERE number = ?", (number,)).fetchone()
    return {
        "bank_ref": row["bank_ref"],
        "bank_day": row["bank_day"],
        "booked_at": row["booked_at"],
        "status": "BOOKED" if row["bank_ref"] else "SCHEDULED",
    }


def book_due(books: Books, *, hour: Hour) -> list[dict[str, Any]]:
    """Book what is due, and return the entries."""
    waiting = books.connection.execute(
        "SELECT * FROM transfers WHERE bank_ref IS NULL AND booked_at <= ?"
        " ORDER BY booked_at, number",
        (hour.stamp,),
    ).fetchall()
    return [_book(books, row, hour=hour) for row in waiting]


def received(books: Books, account: str) -> list[dict[str, Any]]:
    """Return what a customer of another bank got from this one."""
    return [
        {
            "amount_fen": row["amount_fen"] + row["interest_fen"],
            "principal_fen": row["amount_fen"],
            "interest_fen": row["interest_fen"],
            "serial": row["serial"],
            "bank_day": row["bank_day"],
            "at": row["settled_at"],
            "from_account": row["account"],
        }
        for row in books.connection.execute(
            "SELECT * FROM payments WHERE payee_account = ? AND status = 'DONE' ORDER BY rowid",
            (account,),
        )
    ]


def _book(books: Books, row: sqlite3.Row, *, hour: Hour) -> dict[str, Any]:
    request = json.loads(row["content"])
    then = hour
    if request["booked_at"] is not None:
        instant = datetime.fromisoformat(row["booked_at"]).astimezone(BEIJING)
        then = Hour(at=instant, bank_day=books.profile.bank_day(instant))
    entry = books.post(
        request["to_account"],
        kind="TRANSFER_IN",
        amount_fen=request["amount_fen"],
        hour=then,
        counterparty={
            "name": request["from_name"],
            "account": request["from_account"],
            "bank": request["from_bank"],
            "kind": request["from_kind"],
        },
        remark=request["remark"],
    )
    books.connection.execute(
        "UPDATE transfers SET bank_ref = ?, bank_day = ? WHERE number = ?",
        (entry["bank_ref"], entry["bank_day"], row["number"]),
    )
    return entry
