"""Start and stop simulators as the processes they are, and speak to them over loopback."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def data(self) -> Any:
        return self.json["data"]


class StoryClock:
    """A story that stands still until it is moved."""

    def __init__(self, folder: Path, start: str) -> None:
        self.path = folder / "clock.json"
        self.move(start)

    def move(self, story: str) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps({"real": "2026-01-01T00:00:00Z", "story": story, "speed": 0}))
        draft.replace(self.path)


@dataclass
class Process:
    module: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    child: subprocess.Popen[str] | None = None
    port: int = 0
    ready: dict[str, Any] = field(default_factory=dict)

    def start(self) -> Process:
        self.child = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        if not line:
            self.child.stdout.close()
            raise RuntimeError(f"{self.module} did not start, exit {self.child.wait()}")
        self.ready = json.loads(line)
        self.port = self.ready["ready"]
        return self

    def _end(self, number: signal.Signals) -> int:
        assert self.child is not None
        assert self.child.stdout is not None
        self.child.send_signal(number)
        code = self.child.wait(timeout=20)
        self.child.stdout.close()
        return code

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    @property
    def alive(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def call(
        self,
        method: str,
        target: str,
        body: bytes | dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        raw = json.dumps(body).encode() if isinstance(body, dict) else body
        door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            door.request(method, target, body=raw, headers=headers or {})
            answer = door.getresponse()
            return Answer(
                answer.status,
                {name.lower(): value for name, value in answer.getheaders()},
                answer.read(),
            )
        finally:
            door.close()


def mac(secret: str, *parts: str, body: bytes) -> str:
    """The signature as the bank's README describes it, written a second time."""
    message = "".join(part + "\n" for part in parts).encode() + body
    return hmac.new(bytes.fromhex(secret), message, hashlib.sha256).hexdigest()


@dataclass
class Bank(Process):
    state: Path = Path()

    @property
    def keys(self) -> Any:
        return json.loads((self.state / "keys.json").read_text())

    def signed(self, target: str, body: bytes, **changed: str) -> dict[str, str]:
        key = self.keys["platform"][0]
        nonce = changed.get("nonce", secrets.token_hex(16))
        moment = changed.get("time", str(int(time.time())))
        parts = ("bank-request/1", key["id"], moment, nonce, "POST", target)
        return {
            "X-Bank-Key": key["id"],
            "X-Bank-Time": moment,
            "X-Bank-Nonce": nonce,
            "X-Bank-Signature": mac(changed.get("secret", key["secret"]), *parts, body=body),
        }

    def ask(self, name: str, /, **content: Any) -> Answer:
        target, body = "/open/v1/" + name, json.dumps(content).encode()
        headers = self.signed(target, body)
        answer = self.call("POST", target, body, headers)
        assert self.vouches_for(answer, target=target, nonce=headers["X-Bank-Nonce"])
        return answer

    def vouches_for(self, answer: Answer, *, target: str, nonce: str) -> bool:
        key = self.keys["bank"][0]
        expected = mac(
            key["secret"],
            "bank-answer/1",
            answer.headers.get("x-bank-key", ""),
            answer.headers.get("x-bank-time", ""),
            nonce,
            str(answer.status),
            target,
            body=answer.body,
        )
        return hmac.compare_digest(expected, answer.headers.get("x-bank-signature", ""))

    # Shorthands that read as what they do

    def open_account(self, **changed: Any) -> str:
        content = {
            "request_no": secrets.token_hex(8),
            "parent_account": "32050100000001",
            "name": "苏州市公共资源交易中心",
            "opaque_ref": secrets.token_hex(8),
            **changed,
        }
        answer = self.ask("sub-accounts", **content)
        assert answer.status == 200, answer.body
        return str(answer.data["account"])

    def pay_in(self, account: str, amount_fen: int = 800_000_00, **changed: Any) -> Any:
        content = {
            "from_name": "江南路桥有限公司",
            "from_account": "1102020409000123456",
            "to_account": account,
            "amount_fen": amount_fen,
            "remark": "投标保证金",
            **changed,
        }
        answer = self.call("POST", "/payer/transfer", content)
        assert answer.status == 200, answer.body
        return answer.data

    def instruction(self, account: str, original_ref: str, **changed: Any) -> dict[str, Any]:
        return {
            "serial": "HP" + secrets.token_hex(8),
            "account": account,
            "original_ref": original_ref,
            "payee_name": "江南路桥有限公司",
            "payee_account": "1102020409000123456",
            "amount_fen": 800_000_00,
            "purpose": "REFUND",
            "interest": "PAY",
            **changed,
        }

    def truth(self, what: str) -> Any:
        return self.call("GET", "/truth/" + what).data[what]

    def plan(self, *rules: dict[str, Any], seed: int = 7) -> None:
        answer = self.call("POST", "/truth/plan", {"seed": seed, "rules": list(rules)})
        assert answer.status == 200, answer.body


def bank(state: Path, *options: str, clock: StoryClock | None = None) -> Bank:
    return Bank(
        "simulators.bank",
        ["--bank", "gusu", "--state", str(state), *options],
        {"HENGPING_STORY_CLOCK": str(clock.path) if clock else "", "HENGPING_BANK_WEBHOOK": ""},
        state=state,
    )


def wait_until(holds: Any, *, seconds: float = 15) -> None:
    """Wait for another process; fails instead of hanging."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)
