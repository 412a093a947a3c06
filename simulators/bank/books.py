"""The bank's books: accounts, entries that are only ever added, and the bank day."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from simulators.bank.profiles import Profile
from simulators.kit.clock import beijing

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS accounts (
    account TEXT PRIMARY KEY, parent TEXT, name TEXT NOT NULL, opaque_ref TEXT,
    request_no TEXT UNIQUE, opened_on TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, bank_ref TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts,
    direction TEXT NOT NULL CHECK (direction IN ('CR', 'DR')),
    amount_fen INTEGER NOT NULL CHECK (amount_fen > 0), currency TEXT NOT NULL, kind TEXT NOT NULL,
    bank_day TEXT NOT NULL, booked_at TEXT NOT NULL, counterparty TEXT, remark TEXT NOT NULL,
    serial TEXT, balance_fen INTEGER NOT NULL CHECK (balance_fen >= 0)
) STRICT;
CREATE INDEX IF NOT EXISTS entries_by_account ON entries (account, seq);
CREATE INDEX IF NOT EXISTS entries_by_day ON entries (bank_day, seq);
"""

Kind = Literal["TRANSFER_IN", "RETURN_IN", "INTEREST", "REFUND_OUT", "INTEREST_OUT", "FORFEIT_OUT"]
Party = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """The instant of an act and the bank day it falls on."""

    at: datetime
    bank_day: date

    @property
    def stamp(self) -> str:
        """Return the instant as the wire writes it."""
        return beijing(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The books within one transaction of the store."""

    connection: sqlite3.Connection
    profile: Profile

    def hour(self, moment: datetime) -> Hour:
        """Return the act's hour. A bank day never goes back, even if the story's clock does."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = 'bank_day'").fetchone()
        today = self.profile.bank_day(moment)
        if row is not None:
            today = max(today, date.fromisoformat(row["value"]))
        if row is None or row["value"] != today.isoformat():
            self.connection.execute(
                "INSERT OR REPLACE INTO meta VALUES ('bank_day', ?)", (today.isoformat(),)
            )
        return Hour(at=moment, bank_day=today)

    def account(self, number: str) -> sqlite3.Row | None:
        """Return an account of this bank, or None."""
        row: sqlite3.Row | None = self.connection.execute(
            "SELECT * FROM accounts WHERE account = ?", (number,)
        ).fetchone()
        return row

    def new_number(self) -> str:
        """Draw a free account number from which nothing can be read."""
        prefix = self.profile.account_prefix
        while True:
            number = prefix + str(secrets.randbelow(10 ** (19 - len(prefix)))).zfill(
                19 - len(prefix)
            )
            if self.account(number) is None:
                return number

    def balance(self, account: str) -> int:
        """Return what the account's entries add up to."""
        row = self.connection.execute(
            "SELECT coalesce(sum(CASE direction WHEN 'CR' THEN amount_fen ELSE -amount_fen END), 0)"
            " FROM entries WHERE account = ?",
            (account,),
        ).fetchone()
        return int(row[0])

    def post(
        self,
        account: str,
        *,
        kind: Kind,
        amount_fen: int,
        hour: Hour,
        counterparty: Party | None,
        remark: str = "",
        serial: str | None = None,
        currency: str = "CNY",
    ) -> dict[str, Any]:
        """Add one entry and return it as the wire shows it."""
        out = kind.endswith("_OUT")
        reference = (
            f"{self.profile.reference_prefix}{hour.bank_day:%Y%m%d}{secrets.token_hex(8).upper()}"
        )
        self.connection.execute(
            "INSERT INTO entries (bank_ref, account, direction, amount_fen, currency, kind,"
            " bank_day, booked_at, counterparty, remark, serial, balance_fen)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                reference,
                account,
                "DR" if out else "CR",
                amount_fen,
                currency,
                kind,
                hour.bank_day.isoformat(),
                hour.stamp,
                json.dumps(dict(counterparty), ensure_ascii=False) if counterparty else None,
                remark,
                serial,
                self.balance(account) + (-amount_fen if out else amount_fen),
            ),
        )
        found = self.entry(reference)
        assert found is not None
        return found

    def entry(self, bank_ref: str) -> dict[str, Any] | None:
        """Return one entry as the wire shows it."""
        row = self.connection.execute(
            "SELECT * FROM entries WHERE bank_ref = ?", (bank_ref,)
        ).fetchone()
        return None if row is None else as_wire(row)


def as_wire(row: sqlite3.Row) -> dict[str, Any]:
    """Show a row of `entries` as the wire does: without the bank's own sequence number."""
    entry = {name: row[name] for name in row.keys() if name != "seq"}  # noqa: SIM118 - sqlite3.Row
    entry["counterparty"] = json.loads(row["counterparty"]) if row["counterparty"] else None
    return entry
