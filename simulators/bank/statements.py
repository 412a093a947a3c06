"""The statement of a bank day: final, and with a higher version if the bank must correct it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from simulators.bank.books import Books, as_wire
from simulators.kit.server import json_bytes

SCHEMA = """
CREATE TABLE IF NOT EXISTS statements (
    bank_day TEXT NOT NULL, parent TEXT NOT NULL, version INTEGER NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (bank_day, parent, version)
) STRICT;
"""


def statement(books: Books, *, bank_day: date, parent: str) -> dict[str, Any]:
    """State a day that is over, for a parent account and its sub-accounts."""
    day = bank_day.isoformat()
    rows = [
        as_wire(row)
        for row in books.connection.execute(
            "SELECT e.* FROM entries e JOIN accounts a USING (account)"
            " WHERE e.bank_day = ? AND ? IN (a.account, a.parent) ORDER BY e.seq",
            (day, parent),
        )
    ]
    moved = _balances(books, parent=parent, until=day)
    credits_fen = sum(row["amount_fen"] for row in rows if row["direction"] == "CR")
    debits_fen = sum(row["amount_fen"] for row in rows if row["direction"] == "DR")
    content = {
        "opening_fen": sum(account["opening_fen"] for account in moved),
        "closing_fen": sum(account["closing_fen"] for account in moved),
        "count": len(rows),
        "credits_fen": credits_fen,
        "debits_fen": debits_fen,
        "accounts": moved,
        "rows": rows,
    }
    return {
        "bank_day": day,
        "parent_account": parent,
        "version": _version(books, day=day, parent=parent, content=content),
        "final": True,
        **content,
    }


def _balances(books: Books, *, parent: str, until: str) -> list[dict[str, Any]]:
    return [
        {
            "account": row["account"],
            "opaque_ref": row["opaque_ref"],
            "opening_fen": row["opening"],
            "closing_fen": row["opening"] + row["moved"],
        }
        for row in books.connection.execute(
            """
            SELECT a.account, a.opaque_ref,
                sum(CASE WHEN e.bank_day < :day THEN signed ELSE 0 END) AS opening,
                sum(CASE WHEN e.bank_day = :day THEN signed ELSE 0 END) AS moved,
                sum(e.bank_day = :day) AS rows_of_day
            FROM accounts a JOIN (
                SELECT account, bank_day,
                    CASE direction WHEN 'CR' THEN amount_fen ELSE -amount_fen END AS signed
                FROM entries WHERE bank_day <= :day
            ) e USING (account)
            WHERE :parent IN (a.account, a.parent)
            GROUP BY a.account HAVING rows_of_day > 0 OR opening <> 0 ORDER BY a.account
            """,
            {"day": until, "parent": parent},
        )
    ]


def _version(books: Books, *, day: str, parent: str, content: Mapping[str, Any]) -> int:
    digest = hashlib.sha256(json_bytes(content)).hexdigest()
    last = books.connection.execute(
        "SELECT version, sha256 FROM statements WHERE bank_day = ? AND parent = ?"
        " ORDER BY version DESC LIMIT 1",
        (day, parent),
    ).fetchone()
    if last is not None and last["sha256"] == digest:
        return int(last["version"])
    version = 1 if last is None else int(last["version"]) + 1
    books.connection.execute(
        "INSERT INTO statements VALUES (?, ?, ?, ?)", (day, parent, version, digest)
    )
    return version
