"""Money going out: refunds and forfeits, at most once per serial and bank day, as banks do it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from simulators.bank.books import Books, Hour, Kind
from simulators.bank.faults import Fault
from simulators.bank.interest import interest

SCHEMA = """
CREATE TABLE IF NOT EXISTS payments (
    serial TEXT NOT NULL, bank_day TEXT NOT NULL, request TEXT NOT NULL, status TEXT NOT NULL
        CHECK (status IN ('DONE', 'PROCESSING', 'FAILED')),
    fail_code TEXT, account TEXT NOT NULL, original_ref TEXT NOT NULL, payee_account TEXT NOT NULL,
    amount_fen INTEGER NOT NULL, interest_fen INTEGER NOT NULL DEFAULT 0, bank_ref TEXT,
    interest_ref TEXT, settled_at TEXT, queries_left INTEGER, returned INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (serial, bank_day)
) STRICT;
CREATE INDEX IF NOT EXISTS payments_by_original ON payments (original_ref);
CREATE TABLE IF NOT EXISTS queue (number INTEGER PRIMARY KEY, request TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS barred (serial TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS closed_payers (account TEXT PRIMARY KEY) STRICT;
"""

SHOWN = (
    "serial", "bank_day", "status", "fail_code", "account", "payee_account", "amount_fen",
    "interest_fen", "bank_ref", "interest_ref", "settled_at",
)  # fmt: skip


class SerialReusedError(Exception):
    """The serial already means something else on this bank day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """Payments within one transaction of the store."""

    books: Books

    @property
    def _sql(self) -> sqlite3.Connection:
        return self.books.connection

    def take(self, request: Mapping[str, Any], *, hour: Hour, fault: Fault) -> dict[str, Any]:
        """Take in an instruction: pay it, refuse it, or keep it in hand where the plan says so."""
        serial, content = request["serial"], canonical(request)
        known = self._known(serial, hour)
        if known is not None:
            if known["request"] != content:
                raise SerialReusedError(serial)
            return shown(known)
        self._sql.execute(
            "INSERT INTO payments (serial, bank_day, request, status, account, original_ref,"
            " payee_account, amount_fen, queries_left)"
            " VALUES (?, ?, ?, 'PROCESSING', ?, ?, ?, ?, ?)",
            (
                serial,
                hour.bank_day.isoformat(),
                content,
                request["account"],
                request["original_ref"],
                request["payee_account"],
                request["amount_fen"],
                fault.args["queries"] if fault.kind == "PROCESSING" else None,
            ),
        )
        if fault.kind == "PROCESSING":
            return self._found(serial, hour.bank_day)
        forced = fault.args["fail_code"] if fault.kind == "REFUSE" else None
        return self.settle(serial, hour.bank_day, hour=hour, fail_code=forced)

    def queue(self, request: Mapping[str, Any]) -> None:
        """Lay an instruction into the front-end queue, where the books do not see it."""
        self._sql.execute("INSERT INTO queue (request) VALUES (?)", (canonical(request),))

    def flush(self, *, hour: Hour) -> list[dict[str, Any]]:
        """Execute the queue on today's bank day, and return the payments it made or met."""
        rows = self._sql.execute("SELECT * FROM queue ORDER BY number").fetchall()
        self._sql.execute("DELETE FROM queue")
        done = []
        for row in rows:
            try:
                done.append(self.take(json.loads(row["request"]), hour=hour, fault=Fault()))
            except SerialReusedError:
                continue
        return done

    def query(self, serial: str, day: date) -> tuple[dict[str, Any] | None, bool]:
        """Return the payment, and whether the plan executes it right after this query."""
        row = self._row(serial, day)
        if row is None:
            return None, False
        if row["status"] != "PROCESSING" or not row["queries_left"]:
            return shown(row), False
        self._sql.execute(
            "UPDATE payments SET queries_left = queries_left - 1 WHERE serial = ? AND bank_day = ?",
            (serial, day.isoformat()),
        )
        return shown(row), row["queries_left"] == 1

    def settle(
        self, serial: str, day: date, *, hour: Hour, fail_code: str | None = None
    ) -> dict[str, Any]:
        """End a payment that is in hand: paid, or failed for a reason of the closed list."""
        row = self._row(serial, day)
        if row is None or row["status"] != "PROCESSING":
            raise LookupError(serial)
        request = json.loads(row["request"])
        code = fail_code or self._why_not(request, serial=serial, day=day, hour=hour)
        if code is None:
            self._pay(request, day=day, hour=hour)
        else:
            self._sql.execute(
                "UPDATE payments SET status = 'FAILED', fail_code = ?, settled_at = ?"
                " WHERE serial = ? AND bank_day = ?",
                (code, hour.stamp, serial, day.isoformat()),
            )
        return self._found(serial, day)

    def cancel(self, serial: str, day: date, *, hour: Hour) -> tuple[str, dict[str, Any] | None]:
        """Stop a payment; return the result, and the payment where it changed."""
        row = self._row(serial, day)
        if row is not None and row["status"] == "PROCESSING":
            return "CANCELLED", self.settle(serial, day, hour=hour, fail_code="CANCELLED")
        if row is not None:
            return ("CANCELLED" if row["fail_code"] == "CANCELLED" else "TOO_LATE"), None
        self._sql.execute("INSERT OR IGNORE INTO barred VALUES (?)", (serial,))
        return "CANCELLED", None

    def bring_back(self, serial: str, day: date, *, hour: Hour) -> dict[str, Any]:
        """Book the return (退汇) of a payment's principal; the payment stays done."""
        row = self._row(serial, day)
        if row is None or row["status"] != "DONE" or row["returned"]:
            raise LookupError(serial)
        self._sql.execute(
            "UPDATE payments SET returned = 1 WHERE serial = ? AND bank_day = ?",
            (serial, day.isoformat()),
        )
        paid = self.books.entry(row["bank_ref"])
        assert paid is not None
        return self.books.post(
            row["account"],
            kind="RETURN_IN",
            amount_fen=row["amount_fen"],
            hour=hour,
            counterparty=paid["counterparty"],
            remark="退汇",
            serial=serial,
        )

    def _pay(self, request: Mapping[str, Any], *, day: date, hour: Hour) -> None:
        books, serial, account = self.books, request["serial"], request["account"]
        original = books.entry(request["original_ref"])
        held = books.account(account)
        assert original is not None
        assert held is not None
        earned = interest(
            request["amount_fen"],
            since=date.fromisoformat(original["bank_day"]),
            until=hour.bank_day,
            rates=books.profile.rates,
            basis=books.profile.day_basis,
        )
        paid_with = earned if request["interest"] == "PAY" else 0
        if earned:
            kept = account if paid_with else (held["parent"] or account)
            books.post(
                kept,
                kind="INTEREST",
                amount_fen=earned,
                hour=hour,
                counterparty=None,
                remark="利息",
                serial=serial,
            )
        payee = {
            "name": request["payee_name"],
            "account": request["payee_account"],
            "bank": original["counterparty"]["bank"],
            "kind": original["counterparty"]["kind"],
        }
        if request["purpose"] == "FORFEIT":
            payee |= {"bank": "他行(模拟)", "kind": "CORPORATE"}
        outgoing: tuple[tuple[Kind, int], ...] = (
            (
                "REFUND_OUT" if request["purpose"] == "REFUND" else "FORFEIT_OUT",
                request["amount_fen"],
            ),
            ("INTEREST_OUT", paid_with),
        )
        references = [
            books.post(
                account,
                kind=kind,
                amount_fen=amount,
                hour=hour,
                counterparty=payee,
                remark=request["remark"],
                serial=serial,
            )["bank_ref"]
            for kind, amount in outgoing
            if amount
        ]
        self._sql.execute(
            "UPDATE payments SET status = 'DONE', bank_ref = ?, interest_fen = ?, interest_ref = ?,"
            " settled_at = ? WHERE serial = ? AND bank_day = ?",
            (
                references[0],
                paid_with,
                references[1] if paid_with else None,
                hour.stamp,
                serial,
                day.isoformat(),
            ),
        )

    def _why_not(
        self, request: Mapping[str, Any], *, serial: str, day: date, hour: Hour
    ) -> str | None:
        books, payee = self.books, request["payee_account"]
        original = books.entry(request["original_ref"])
        refusals: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("CANCELLED", lambda: self._listed("barred", "serial", serial)),
            (
                "EXPIRED",
                lambda: request["valid_on"] not in (None, hour.bank_day.isoformat()),
            ),
            ("ACCOUNT_UNKNOWN", lambda: books.account(request["account"]) is None),
            (
                "ORIGINAL_UNKNOWN",
                lambda: (
                    original is None
                    or original["account"] != request["account"]
                    or original["kind"] not in ("TRANSFER_IN", "RETURN_IN")
                ),
            ),
            (
                "PAYEE_NOT_PAYER",
                lambda: (
                    original is not None
                    and request["purpose"] == "REFUND"
                    and (request["payee_name"], payee)
                    != (original["counterparty"]["name"], original["counterparty"]["account"])
                ),
            ),
            ("PAYEE_ACCOUNT_CLOSED", lambda: self._listed("closed_payers", "account", payee)),
            (
                "EXCEEDS_ORIGINAL",
                lambda: (
                    original is not None
                    and self._taken(request["original_ref"], serial=serial, day=day)
                    + request["amount_fen"]
                    > original["amount_fen"]
                ),
            ),
            (
                "INSUFFICIENT_FUNDS",
                lambda: books.balance(request["account"]) < request["amount_fen"],
            ),
        )
        return next((code for code, holds in refusals if holds()), None)

    def _taken(self, original_ref: str, *, serial: str, day: date) -> int:
        row = self._sql.execute(
            "SELECT coalesce(sum(amount_fen), 0) FROM payments WHERE original_ref = ?"
            " AND status IN ('DONE', 'PROCESSING') AND NOT (serial = ? AND bank_day = ?)",
            (original_ref, serial, day.isoformat()),
        ).fetchone()
        return int(row[0])

    def _listed(self, table: str, column: str, value: str) -> bool:
        found = self._sql.execute(
            f"SELECT 1 FROM {table} WHERE {column} = ?",  # noqa: S608 - both names are literals above
            (value,),
        ).fetchone()
        return found is not None

    def _known(self, serial: str, hour: Hour) -> sqlite3.Row | None:
        if self.books.profile.dedupe == "bank_day":
            return self._row(serial, hour.bank_day)
        row: sqlite3.Row | None = self._sql.execute(
            "SELECT * FROM payments WHERE serial = ?", (serial,)
        ).fetchone()
        return row

    def _row(self, serial: str, day: date) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._sql.execute(
            "SELECT * FROM payments WHERE serial = ? AND bank_day = ?", (serial, day.isoformat())
        ).fetchone()
        return row

    def _found(self, serial: str, day: date) -> dict[str, Any]:
        row = self._row(serial, day)
        assert row is not None
        return shown(row)


def shown(row: sqlite3.Row) -> dict[str, Any]:
    """Show a payment as the wire does."""
    return {name: row[name] for name in SHOWN}


def canonical(request: Mapping[str, Any]) -> str:
    """Write an instruction so that equal content is equal text."""
    return json.dumps(dict(request), sort_keys=True, ensure_ascii=False, default=date.isoformat)
