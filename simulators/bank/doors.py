"""The unsigned doors on loopback: the payer's, for demo and stories, and the truth's, for tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulators.bank.faults import FAIL_CODES
from simulators.bank.teller import Teller
from simulators.kit import fields
from simulators.kit.routes import RefusedError
from simulators.kit.server import Request, Response, json_response

ACCOUNT = fields.text(most=32, pattern=r"[0-9A-Za-z-]+")
PAYMENT = {"serial": fields.text(most=40), "bank_day": fields.DAY}
TRANSFER = {
    "from_name": fields.text(most=120),
    "from_account": ACCOUNT,
    "from_bank": fields.optional(fields.text(most=120), default="他行(模拟)"),
    "from_kind": fields.optional(fields.one_of("CORPORATE", "PERSONAL"), default="CORPORATE"),
    "to_account": ACCOUNT,
    "amount_fen": fields.FEN,
    "currency": fields.optional(fields.one_of("CNY"), default="CNY"),
    "remark": fields.optional(fields.text(least=0, most=200), default=""),
    "transfer_id": fields.optional(fields.text(most=64)),
    "booked_at": fields.optional(fields.INSTANT),
}
Act = tuple[Mapping[str, fields.Field], Callable[[dict[str, Any]], Mapping[str, Any]]]
PLAN = {"seed": fields.whole(least=0, most=2**62), "rules": fields.SEQUENCE}


class Doors:
    """Opens the payer's door, and the truth's where the command line says so."""

    def __init__(self, *, teller: Teller, truth: bool) -> None:
        self._teller = teller
        self._truth = truth
        self._acts: Mapping[str, Act] = {
            "/payer/transfer": (TRANSFER, self._transfer),
            "/payer/received": (
                {"account": ACCOUNT},
                lambda asked: {"received": teller.received(asked["account"])},
            ),
        }
        if truth:
            self._acts = {**self._acts, **_truth_acts(teller)}

    def handle(self, request: Request) -> Response:
        """Answer one request in the bank's envelope, unsigned."""
        try:
            return self._envelope(200, "0000", "受理", self._act(request))
        except RefusedError as error:
            return self._envelope(error.status, error.code, error.text, {})
        except fields.BadFieldError as error:
            return self._envelope(400, "BAD_REQUEST", str(error), {})

    def _act(self, request: Request) -> Mapping[str, Any]:
        if request.method == "POST" and request.target in self._acts:
            spec, act = self._acts[request.target]
            return act(fields.read(request.body, spec))
        if request.method == "GET" and self._truth and request.target.startswith("/truth/"):
            return self._teller.truth(request.target.removeprefix("/truth/"))
        raise RefusedError(404, "UNKNOWN_PATH", "没有此接口")

    def _transfer(self, asked: dict[str, Any]) -> Mapping[str, Any]:
        if asked["booked_at"] is not None and not self._truth:
            raise RefusedError(403, "CLOSED", "入账时间只对测试开放")
        return self._teller.transfer(asked)

    def _envelope(self, status: int, code: str, text: str, data: Mapping[str, Any]) -> Response:
        hour = self._teller.hour()
        return json_response(
            {
                "simulator": self._teller.profile.name,
                "code": code,
                "text": text,
                "bank_day": hour.bank_day.isoformat(),
                "at": hour.stamp,
                "data": data,
            },
            status=status,
        )


def _truth_acts(teller: Teller) -> Mapping[str, Act]:
    def plan(asked: dict[str, Any]) -> Mapping[str, Any]:
        teller.plan(seed=asked["seed"], rules=asked["rules"])
        return teller.truth("plan")

    def close_payer(asked: dict[str, Any]) -> Mapping[str, Any]:
        teller.close_payer(asked["account"])
        return {}

    return {
        "/truth/plan": (PLAN, plan),
        "/truth/settle": (
            {**PAYMENT, "fail_code": fields.optional(fields.one_of(*FAIL_CODES))},
            lambda asked: teller.settle(
                asked["serial"], asked["bank_day"], fail_code=asked["fail_code"]
            ),
        ),
        "/truth/flush": ({}, lambda _: {"payments": teller.flush()}),
        "/truth/return": (
            PAYMENT,
            lambda asked: teller.bring_back(asked["serial"], asked["bank_day"]),
        ),
        "/truth/close-payer": ({"account": ACCOUNT}, close_payer),
    }
