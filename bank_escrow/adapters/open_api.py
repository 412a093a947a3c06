"""The open-banking dialect: JSON over HTTP with HMAC (`simulators/bank/README.md` is its wire)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import httpx

from bank_escrow.adapters import open_api_codec as codec
from bank_escrow.adapters import signing
from bank_escrow.adapters.protocol import (
    Account,
    Asked,
    BankProfile,
    Barred,
    DayEnd,
    NotFound,
    Notice,
    NotReady,
    NotSent,
    Page,
    PaymentOrder,
    Seen,
    Sent,
    TooLate,
    Unknown,
    Unreadable,
)
from core import clock
from core.tls import trust

_PREFIX: Final = "/open/v1/"
_PAGE: Final = 200
_BIGGEST: Final = 32 * 1024 * 1024
_OK: Final = 200
# A bank's day is asked for from here on; our first account is younger.
_BEGINNING: Final = date(2000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A signed answer to our very question."""

    code: str
    data: dict[str, Any]
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApiBank:
    """A bank that speaks the open dialect. One call, one connection, no hidden retries."""

    profile: BankProfile
    url: str
    keys: signing.Keys

    def ping(self) -> bool:
        """Say whether the bank answers."""
        answer = self._call("ping", {})
        return isinstance(answer, _Answer) and answer.code == codec.UNDERSTOOD

    def open_sub_account(self, *, request: UUID, parent: str, name: str) -> Account | Unknown:
        """Open an account; the same request gives the same account for ever."""
        answer = self._call(
            "sub-accounts",
            {
                "request_no": str(request),
                "parent_account": parent,
                "name": name,
                "opaque_ref": str(request),
            },
        )
        if not isinstance(answer, _Answer) or answer.code != codec.UNDERSTOOD:
            return _unknown(answer)
        number = answer.data.get("account")
        return Account(number=number) if isinstance(number, str) else Unknown(why="SHAPE")

    def encode(self, order: PaymentOrder) -> bytes:
        """Write an order; the same order gives the same bytes."""
        return codec.encode(order, charset=self.profile.charset)

    def decode(self, wire: bytes) -> PaymentOrder:
        """Read back an order we wrote."""
        return codec.decode(wire, charset=self.profile.charset)

    def send(self, wire: bytes) -> Sent:
        """Send an order once."""
        answer = self._call_raw("refunds", wire)
        if isinstance(answer, NotSent):
            return answer
        outcome = self._payment(answer, serial=self.decode(wire).serial)
        # At once after sending, "not found" tells no more than silence does.
        return Unknown(why="NOT_FOUND") if isinstance(outcome, NotFound) else outcome

    def query(self, *, serial: str, bank_day: date) -> Asked:
        """Ask what became of an order."""
        answer = self._call("refunds/query", {"serial": serial, "bank_day": str(bank_day)})
        return self._payment(answer, serial=serial)

    def cancel(self, *, serial: str, bank_day: date) -> Barred | TooLate | Unknown:
        """Have an order stopped that was not paid, for ever."""
        answer = self._call("refunds/cancel", {"serial": serial, "bank_day": str(bank_day)})
        if not isinstance(answer, _Answer) or answer.code != codec.UNDERSTOOD:
            return _unknown(answer)
        try:
            return codec.cancelled(answer.data, serial=serial, raw=answer.raw)
        except Unreadable:
            return Unknown(why="SHAPE")

    def intraday(self, *, cursor: str, until: date) -> Page | Unknown:
        """Read on in the bank's bookings."""
        answer = self._call(
            "transactions",
            {
                "account": None,
                "from_day": str(_BEGINNING),
                "to_day": str(until),
                "cursor": cursor or None,
                "limit": _PAGE,
            },
        )
        if not isinstance(answer, _Answer) or answer.code != codec.UNDERSTOOD:
            return _unknown(answer)
        try:
            return codec.page(answer.data)
        except Unreadable:
            return Unknown(why="SHAPE")

    def statement(self, *, parent: str, day: date) -> DayEnd | NotReady | Unknown:
        """Read a closed day."""
        answer = self._call("statements", {"bank_day": str(day), "parent_account": parent})
        if not isinstance(answer, _Answer):
            return _unknown(answer)
        if answer.code == codec.NOT_READY:
            return NotReady()
        if answer.code != codec.UNDERSTOOD:
            return _unknown(answer)
        try:
            return codec.day_end(answer.data, raw=answer.raw)
        except Unreadable:
            return Unknown(why="SHAPE")

    def authenticate(
        self, *, headers: Mapping[str, str], target: str, body: bytes, now: float
    ) -> Notice | None:
        """Check who speaks, before anything is parsed."""
        nonce = signing.notice_nonce(self.keys, headers=headers, target=target, body=body, now=now)
        return None if nonce is None else Notice(nonce=nonce, body=body)

    def parse(self, body: bytes) -> tuple[Seen, ...]:
        """Read an authentic notice, or raise `Unreadable`."""
        return (codec.notice(body, bank=self.profile.code, fail_codes=self.profile.fail_codes),)

    def _payment(self, answer: _Answer | Unknown | NotSent, *, serial: str) -> Asked:
        if not isinstance(answer, _Answer) or answer.code != codec.UNDERSTOOD:
            # A refusal of the request says nothing of an earlier copy of it: not a failure.
            return _unknown(answer)
        try:
            outcome = codec.payment(answer.data, fail_codes=self.profile.fail_codes)
        except Unreadable:
            return Unknown(why="SHAPE")
        if not isinstance(outcome, Unknown) and outcome.serial != serial:
            return Unknown(why="OTHER_SERIAL")
        return outcome

    def _call(self, path: str, body: dict[str, Any]) -> _Answer | Unknown | NotSent:
        return self._call_raw(path, json.dumps(body, ensure_ascii=False).encode())

    def _call_raw(self, path: str, body: bytes) -> _Answer | Unknown | NotSent:
        target = _PREFIX + path
        nonce = secrets.token_urlsafe(24)
        headers = signing.request_headers(
            self.keys,
            at=int(clock.real_now().timestamp()),
            nonce=nonce,
            target=target,
            body=body,
        )
        try:
            with httpx.Client(
                timeout=self.profile.call_timeout.total_seconds(),
                follow_redirects=False,
                trust_env=False,
                verify=trust(),
            ) as client:
                reply = client.post(
                    self.url.rstrip("/") + target,
                    content=body,
                    headers={**headers, "Content-Type": "application/json"},
                )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            # The connection never stood, TLS included, so nothing can have been read.
            return NotSent(proof=type(error).__name__)
        except httpx.HTTPError as error:
            return Unknown(why=type(error).__name__)
        return self._believed(reply, nonce=nonce, target=target)

    def _believed(self, reply: httpx.Response, *, nonce: str, target: str) -> _Answer | Unknown:
        raw = reply.content
        if len(raw) > _BIGGEST or not signing.answer_holds(
            self.keys,
            headers=reply.headers,
            nonce=nonce,
            status=reply.status_code,
            target=target,
            body=raw,
        ):
            return Unknown(why=f"UNSIGNED_{reply.status_code}")
        try:
            code, data = codec.envelope(raw)
        except Unreadable:
            return Unknown(why="SHAPE")
        if code == codec.UNDERSTOOD and reply.status_code != _OK:
            return Unknown(why=f"STATUS_{reply.status_code}")
        return _Answer(code=code, data=data, raw=raw)


def _unknown(answer: _Answer | Unknown | NotSent) -> Unknown:
    if isinstance(answer, _Answer):
        return Unknown(why=answer.code[:40])
    return answer if isinstance(answer, Unknown) else Unknown(why=answer.proof)
