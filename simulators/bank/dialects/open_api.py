"""The dialect `open-api`: JSON over HTTP, signed both ways. README.md is its description."""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from simulators.bank.dialects import signing
from simulators.bank.dialects.signing import Keyring, UnsignedError
from simulators.bank.faults import Fault
from simulators.bank.teller import Teller, not_found
from simulators.kit import fields
from simulators.kit.routes import RefusedError
from simulators.kit.server import HangUpError, Request, Response, json_bytes

PREFIX = "/open/v1/"
SERIAL = fields.text(least=8, most=40, pattern=r"[A-Za-z0-9-]+")
ACCOUNT = fields.text(most=32, pattern=r"[0-9A-Za-z-]+")
DAY_AND_SERIAL = {"serial": SERIAL, "bank_day": fields.DAY}

MESSAGES: Mapping[str, tuple[str, Mapping[str, fields.Field]]] = {
    "ping": ("PING", {}),
    "sub-accounts": (
        "OPEN_SUB",
        {
            "request_no": fields.text(most=64),
            "parent_account": fields.text(least=8, most=32, pattern="[0-9]+"),
            "name": fields.text(most=120),
            "opaque_ref": fields.text(most=64),
        },
    ),
    "transactions": (
        "QUERY_TXN",
        {
            "account": fields.optional(ACCOUNT),
            "from_day": fields.DAY,
            "to_day": fields.DAY,
            "cursor": fields.optional(fields.text(most=18, pattern="[0-9]+")),
            "limit": fields.whole(least=1, most=500),
        },
    ),
    "balance": ("BALANCE", {"account": ACCOUNT}),
    "refunds": (
        "REFUND",
        {
            "serial": SERIAL,
            "account": ACCOUNT,
            "original_ref": fields.text(most=32),
            "payee_name": fields.text(most=120),
            "payee_account": ACCOUNT,
            "amount_fen": fields.FEN,
            "purpose": fields.one_of("REFUND", "FORFEIT"),
            "interest": fields.one_of("PAY", "KEEP"),
            "remark": fields.optional(fields.text(least=0, most=200), default=""),
            "valid_on": fields.optional(fields.DAY),
        },
    ),
    "refunds/query": ("QUERY_REFUND", DAY_AND_SERIAL),
    "refunds/cancel": ("CANCEL", DAY_AND_SERIAL),
    "statements": (
        "DAY_END",
        {"bank_day": fields.DAY, "parent_account": fields.text(most=32, pattern="[0-9]+")},
    ),
}


class OpenApi:
    """Speaks for one teller."""

    def __init__(self, *, teller: Teller, keys: Keyring) -> None:
        self._teller = teller
        self._keys = keys
        self._acts: Mapping[str, Callable[[dict[str, Any], Fault], dict[str, Any]]] = {
            "PING": lambda _, __: teller.describe(),
            "OPEN_SUB": lambda body, _: teller.open_sub(body),
            "QUERY_TXN": lambda body, _: teller.transactions(body),
            "BALANCE": lambda body, _: teller.balance(body["account"]),
            "REFUND": self._refund,
            "QUERY_REFUND": self._query_refund,
            "CANCEL": lambda body, _: teller.cancel(body["serial"], body["bank_day"]),
            "DAY_END": lambda body, _: teller.day_end(body["bank_day"], body["parent_account"]),
        }

    def handle(self, request: Request) -> Response:
        """Answer one request, errors included, signed."""
        try:
            signing.verify(request, keys=self._keys.platform, store=self._teller.store)
            message, body = self._parse(request)
        except UnsignedError as error:
            return self._refusal(request, 401, str(error), "签名、时间或随机数无效")
        except RefusedError as error:
            return self._refusal(request, error.status, error.code, error.text)
        except fields.BadFieldError as error:
            return self._refusal(request, 400, "BAD_REQUEST", str(error))
        fault = self._teller.fault(message)
        match fault.kind:
            case "LOSE_REQUEST":
                raise HangUpError
            case "SERVER_ERROR":
                return Response(status=500, body=b"", content_type="text/plain")
        try:
            answer = self._signed(request, 200, "0000", "受理", self._acts[message](body, fault))
        except RefusedError as error:
            answer = self._refusal(request, error.status, error.code, error.text)
        return _spoiled(answer, fault)

    def notice_headers(self, target: str, body: bytes) -> Mapping[str, str]:
        """Sign a notice afresh: new time, new nonce, same body."""
        return signing.headers(
            self._keys.bank[0],
            kind="bank-request/1",
            place=("POST", target),
            body=body,
            nonce=secrets.token_urlsafe(24),
        )

    def _parse(self, request: Request) -> tuple[str, dict[str, Any]]:
        known = MESSAGES.get(request.target.removeprefix(PREFIX))
        if known is None:
            raise RefusedError(404, "UNKNOWN_PATH", "没有此接口")
        if request.method != "POST":
            raise RefusedError(405, "METHOD", "只接受 POST")
        message, spec = known
        body = fields.read(request.body, spec)
        if body.get("purpose") == "FORFEIT" and (body["interest"] != "KEEP" or not body["remark"]):
            raise fields.BadFieldError(
                "a FORFEIT needs interest KEEP and a remark naming its basis"
            )
        return message, body

    def _refund(self, body: dict[str, Any], fault: Fault) -> dict[str, Any]:
        if fault.kind == "QUEUE":
            self._teller.queue(body)
            raise HangUpError
        return self._teller.refund(body, fault=fault)

    def _query_refund(self, body: dict[str, Any], fault: Fault) -> dict[str, Any]:
        if fault.kind == "NOT_FOUND":
            return not_found(body["serial"], body["bank_day"])
        return self._teller.query_refund(body["serial"], body["bank_day"])

    def _refusal(self, request: Request, status: int, code: str, text: str) -> Response:
        return self._signed(request, status, code, text, {})

    def _signed(
        self, request: Request, status: int, code: str, text: str, data: Mapping[str, Any]
    ) -> Response:
        hour = self._teller.hour()
        body = json_bytes(
            {
                "simulator": self._teller.profile.name,
                "code": code,
                "text": text,
                "bank_day": hour.bank_day.isoformat(),
                "at": hour.stamp,
                "data": data,
            }
        )
        vouched = signing.headers(
            self._keys.bank[0],
            kind="bank-answer/1",
            place=(str(status), request.target),
            body=body,
            nonce=signing.usable_nonce(request),
        )
        return Response(status=status, body=body, headers=vouched)


def _spoiled(answer: Response, fault: Fault) -> Response:
    match fault.kind:
        case "LOSE_ANSWER":
            raise HangUpError
        case "DELAY":
            time.sleep(fault.args["ms"] / 1000)
        case "GARBLE":
            page = "<!doctype html><title>系统维护</title><p>系统维护中(模拟)".encode()
            return Response(status=200, body=page, content_type="text/html; charset=utf-8")
        case "FORGED_ANSWER":
            forged = {**answer.headers, "X-Bank-Signature": "0" * 64}
            return dataclasses.replace(answer, headers=forged)
    return answer
