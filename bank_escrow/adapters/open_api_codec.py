"""Bytes of the open dialect to facts and back; pure, and strict where the wire is strict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from bank_escrow.adapters.protocol import (
    Barred,
    DayEnd,
    Done,
    Entry,
    Failed,
    NotFound,
    Page,
    PaymentOrder,
    PaymentReport,
    Processing,
    Seen,
    TooLate,
    Unknown,
    Unreadable,
)

UNDERSTOOD: Final = "0000"
NOT_READY: Final = "STATEMENT_NOT_READY"
_MOST_FEN: Final = 10**15
_LONGEST_REF: Final = 32
_INCOMING: Final = {"CR": True, "DR": False}
_KINDS: Final = {
    Entry.TRANSFER_IN: True,
    Entry.RETURN_IN: True,
    Entry.INTEREST: True,
    Entry.REFUND_OUT: False,
    Entry.INTEREST_OUT: False,
    Entry.FORFEIT_OUT: False,
}


def encode(order: PaymentOrder, *, charset: str) -> bytes:
    """Write an order; keys in one order and no blanks, so that its hash can be signed."""
    body = {
        "serial": order.serial,
        "account": order.account,
        "original_ref": order.original_ref,
        "payee_name": order.payee_name,
        "payee_account": order.payee_account,
        "amount_fen": order.amount_fen,
        "purpose": order.purpose,
        "interest": "PAY" if order.with_interest else "KEEP",
        "remark": order.remark,
        "valid_on": str(order.valid_on),
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(
        charset
    )


def decode(wire: bytes, *, charset: str) -> PaymentOrder:
    """Read back an order we wrote ourselves."""
    body = json.loads(wire.decode(charset))
    return PaymentOrder(
        serial=body["serial"],
        account=body["account"],
        original_ref=body["original_ref"],
        payee_name=body["payee_name"],
        payee_account=body["payee_account"],
        amount_fen=body["amount_fen"],
        purpose=body["purpose"],
        with_interest=body["interest"] == "PAY",
        remark=body["remark"],
        valid_on=date.fromisoformat(body["valid_on"]),
    )


def envelope(raw: bytes) -> tuple[str, dict[str, Any]]:
    """Return an answer's code and data."""
    body = _object(raw)
    code, data = body.get("code"), body.get("data")
    if not isinstance(code, str):
        raise Unreadable("code")
    return code, data if isinstance(data, dict) else {}


def payment(
    data: Mapping[str, Any], *, fail_codes: frozenset[str]
) -> Done | Failed | Processing | NotFound | Unknown:
    """Read the state of a payment; a state or a failure code we do not know is no knowledge."""
    serial = _text(data, "serial")
    match data.get("status"):
        case "DONE":
            return Done(
                serial=serial,
                bank_day=_day(data, "bank_day"),
                amount_fen=_fen(data, "amount_fen"),
                payee_account=_text(data, "payee_account"),
                interest_fen=_fen(data, "interest_fen", least=0),
                bank_ref=_text(data, "bank_ref"),
                settled_at=_moment(data, "settled_at"),
            )
        case "FAILED":
            code = data.get("fail_code")
            if code in fail_codes:
                return Failed(serial=serial, bank_day=_day(data, "bank_day"), code=str(code))
            return Unknown(why="FAIL_CODE")
        case "PROCESSING":
            return Processing(serial=serial)
        case "NOT_FOUND":
            return NotFound(serial=serial)
        case _:
            return Unknown(why="STATUS")


def cancelled(data: Mapping[str, Any], *, serial: str, raw: bytes) -> Barred | TooLate | Unknown:
    """Read the answer to a request to stop; the bank's own day is that of the whole answer."""
    if _text(data, "serial") != serial:
        return Unknown(why="OTHER_SERIAL")
    match data.get("result"):
        case "CANCELLED":
            return Barred(bank_day=_day(_object(raw), "bank_day"))
        case "TOO_LATE":
            return TooLate()
        case _:
            return Unknown(why="RESULT")


def page(data: Mapping[str, Any]) -> Page:
    """Read a page of entries."""
    more = data.get("more")
    if not isinstance(more, bool):
        raise Unreadable("more")
    entries = tuple(entry(row) for row in _rows(data, "entries"))
    return Page(entries=entries, cursor=_text(data, "cursor", empty=True), more=more)


def day_end(data: Mapping[str, Any], *, raw: bytes) -> DayEnd:
    """Read a closed day and check its own arithmetic."""
    rows = tuple(entry(row) for row in _rows(data, "rows"))
    credits_fen = sum(row.amount_fen for row in rows if row.incoming)
    debits_fen = sum(row.amount_fen for row in rows if not row.incoming)
    opening, closing = _whole(data, "opening_fen"), _whole(data, "closing_fen")
    final = data.get("final")
    if not isinstance(final, bool):
        raise Unreadable("final")
    return DayEnd(
        day=_day(data, "bank_day"),
        version=_whole(data, "version"),
        final=final,
        opening_fen=opening,
        closing_fen=closing,
        rows=rows,
        sums_hold=(
            (_whole(data, "count"), _whole(data, "credits_fen"), _whole(data, "debits_fen"))
            == (len(rows), credits_fen, debits_fen)
            and opening + credits_fen - debits_fen == closing
        ),
        raw=raw,
    )


def notice(body: bytes, *, bank: str, fail_codes: frozenset[str]) -> Seen:
    """Read a notice."""
    said = _object(body)
    if said.get("bank") != bank:
        raise Unreadable("bank")
    match said.get("type"):
        case "CREDIT_NOTIFY":
            seen = entry(_part(said, "entry"))
            if not seen.incoming:
                raise Unreadable("direction")
            return seen
        case "REFUND_RESULT":
            outcome = payment(_part(said, "payment"), fail_codes=fail_codes)
            if isinstance(outcome, Unknown | NotFound):
                raise Unreadable("status")
            return PaymentReport(outcome=outcome)
        case _:
            raise Unreadable("type")


def entry(row: Mapping[str, Any]) -> Entry:
    """Read one booking."""
    kind = _text(row, "kind")
    incoming = _INCOMING.get(_text(row, "direction"))
    if incoming is None or _KINDS.get(kind) is not incoming:
        raise Unreadable("kind")
    ref = _text(row, "bank_ref")
    if len(ref) > _LONGEST_REF or not ref.isascii():
        raise Unreadable("bank_ref")
    other = row.get("counterparty") or {}
    if not isinstance(other, dict) or (kind == Entry.TRANSFER_IN and not other):
        raise Unreadable("counterparty")
    return Entry(
        bank_ref=ref,
        account=_text(row, "account"),
        incoming=incoming,
        kind=kind,
        amount_fen=_fen(row, "amount_fen"),
        currency=_text(row, "currency"),
        bank_day=_day(row, "bank_day"),
        booked_at=_moment(row, "booked_at"),
        counterparty_name=_text(other, "name") if other else "",
        counterparty_account=_text(other, "account") if other else "",
        personal=other.get("kind") != "CORPORATE" if other else False,
        remark=_text(row, "remark", empty=True) if row.get("remark") is not None else "",
        serial=_text(row, "serial") if row.get("serial") is not None else "",
    )


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(body, dict):
        raise Unreadable("not an object")
    return body


def _no_float(text: str) -> Any:
    # Money is whole fen; a number with a point is a bank speaking another dialect.
    raise Unreadable(f"a float: {text[:20]}")


def _part(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    if not isinstance(value, dict):
        raise Unreadable(name)
    return value


def _rows(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = data.get(name)
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Unreadable(name)
    return value


def _text(data: Mapping[str, Any], name: str, *, empty: bool = False) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not (value or empty):
        raise Unreadable(name)
    return value


def _whole(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable(name)
    return value


def _fen(data: Mapping[str, Any], name: str, *, least: int = 1) -> int:
    value = _whole(data, name)
    if not least <= value <= _MOST_FEN:
        raise Unreadable(name)
    return value


def _day(data: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(_text(data, name))
    except ValueError as error:
        raise Unreadable(name) from error


def _moment(data: Mapping[str, Any], name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(_text(data, name))
    except ValueError as error:
        raise Unreadable(name) from error
    if instant.tzinfo is None:
        raise Unreadable(name)
    return instant
