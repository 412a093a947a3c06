"""What the bank really did, for tests to hold the platform's belief against."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from simulators.bank import faults, payments
from simulators.bank.books import Books, as_wire

Rows = list[dict[str, Any]]


def _accounts(books: Books) -> Rows:
    return [
        {
            "account": row["account"],
            "parent": row["parent"],
            "name": row["name"],
            "opaque_ref": row["opaque_ref"],
            "opened_on": row["opened_on"],
            "balance_fen": books.balance(row["account"]),
        }
        for row in books.connection.execute("SELECT * FROM accounts ORDER BY rowid").fetchall()
    ]


def _entries(books: Books) -> Rows:
    return [as_wire(row) for row in books.connection.execute("SELECT * FROM entries ORDER BY seq")]


def _payments(books: Books) -> Rows:
    return [
        {**payments.shown(row), "request": json.loads(row["request"])}
        for row in books.connection.execute("SELECT * FROM payments ORDER BY rowid")
    ]


def _notices(books: Books) -> Rows:
    return [
        {
            "notice_id": row["notice_id"],
            "type": row["type"],
            "attempts": row["attempts"],
            "delivered": bool(row["delivered"]),
        }
        for row in books.connection.execute("SELECT * FROM notices ORDER BY number")
    ]


def _plan(books: Books) -> Rows:
    return faults.in_force(books.connection)


SHOWN: Mapping[str, Callable[[Books], Rows]] = {
    "accounts": _accounts,
    "entries": _entries,
    "payments": _payments,
    "notices": _notices,
    "plan": _plan,
}
