"""The seeded plan of faults: which message goes wrong, and how. Tests only."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from simulators.kit import fields

SCHEMA = """
CREATE TABLE IF NOT EXISTS rules (
    number INTEGER PRIMARY KEY, rule TEXT NOT NULL, seed INTEGER NOT NULL,
    matched INTEGER NOT NULL DEFAULT 0, fired INTEGER NOT NULL DEFAULT 0
) STRICT;
"""

QUESTIONS = (
    "PING", "OPEN_SUB", "QUERY_TXN", "BALANCE", "REFUND", "QUERY_REFUND", "CANCEL", "DAY_END",
)  # fmt: skip
NOTICES = ("CREDIT_NOTIFY", "REFUND_RESULT")
ANY_QUESTION = ("LOSE_REQUEST", "LOSE_ANSWER", "DELAY", "GARBLE", "SERVER_ERROR", "FORGED_ANSWER")
FITS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(ANY_QUESTION, QUESTIONS),
    "PROCESSING": ("REFUND",),
    "REFUSE": ("REFUND",),
    "QUEUE": ("REFUND",),
    "NOT_FOUND": ("QUERY_REFUND",),
    "LOSE_NOTICE": NOTICES,
    "REPEAT_NOTICE": NOTICES,
}
FAIL_CODES = (
    "ACCOUNT_UNKNOWN", "ORIGINAL_UNKNOWN", "PAYEE_NOT_PAYER", "EXCEEDS_ORIGINAL",
    "INSUFFICIENT_FUNDS", "PAYEE_ACCOUNT_CLOSED", "EXPIRED", "CANCELLED",
)  # fmt: skip

_RULE = {
    "match": fields.one_of(*QUESTIONS, *NOTICES),
    "fault": fields.one_of(*FITS),
    "nth": fields.optional(fields.whole(least=1, most=10**9)),
    "chance": fields.optional(fields.text(most=20, pattern=r"0(\.\d+)?|1(\.0+)?")),
    "args": fields.optional(fields.MAPPING, default={}),
}
_ARGS = {
    "DELAY": {"ms": fields.whole(least=0, most=600_000)},
    "PROCESSING": {"queries": fields.optional(fields.whole(least=0, most=1000), default=1)},
    "REFUSE": {"fail_code": fields.one_of(*FAIL_CODES)},
    "REPEAT_NOTICE": {"times": fields.optional(fields.whole(least=1, most=1000), default=1)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one message; `kind` is empty where nothing does."""

    kind: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)


def plan(connection: sqlite3.Connection, *, seed: int, rules: Sequence[Any]) -> None:
    """Replace the plan, or raise `BadFieldError` and leave the old one."""
    checked = [_checked(rule) for rule in rules]
    connection.execute("DELETE FROM rules")
    connection.executemany(
        "INSERT INTO rules (number, rule, seed) VALUES (?, ?, ?)",
        [(number, json.dumps(rule), seed) for number, rule in enumerate(checked)],
    )


def in_force(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return the plan and how often each rule matched and fired."""
    return [
        {**json.loads(row["rule"]), "matched": row["matched"], "fired": row["fired"]}
        for row in connection.execute("SELECT * FROM rules ORDER BY number")
    ]


def decide(connection: sqlite3.Connection, message: str) -> Fault:
    """Count the message for every rule that matches it; return the first that fires."""
    chosen = Fault()
    for row in connection.execute("SELECT * FROM rules ORDER BY number").fetchall():
        rule = json.loads(row["rule"])
        if rule["match"] != message:
            continue
        count = row["matched"] + 1
        fires = not chosen.kind and _fires(
            rule, seed=row["seed"], number=row["number"], count=count
        )
        if fires:
            chosen = Fault(kind=rule["fault"], args=rule["args"])
        connection.execute(
            "UPDATE rules SET matched = ?, fired = fired + ? WHERE number = ?",
            (count, int(fires), row["number"]),
        )
    return chosen


def _fires(rule: Mapping[str, Any], *, seed: int, number: int, count: int) -> bool:
    if rule["nth"] is not None:
        return bool(count == rule["nth"])
    if rule["chance"] is None:
        return True
    # A hash instead of a generator: the draw depends on nothing but seed, rule and count, so a
    # killed and restarted bank goes on with the same fate.
    drawn = hashlib.sha256(f"{seed}/{number}/{count}".encode()).digest()
    return Fraction(int.from_bytes(drawn[:8]), 2**64) < Fraction(rule["chance"])


def _checked(rule: Any) -> dict[str, Any]:
    if not isinstance(rule, dict):
        raise fields.BadFieldError("a rule must be an object")
    found = fields.check(rule, _RULE)
    if found["match"] not in FITS[found["fault"]]:
        raise fields.BadFieldError(f"{found['fault']} cannot happen to {found['match']}")
    found["args"] = fields.check(found["args"], _ARGS.get(found["fault"], {}))
    return found
