"""The bank tells the platform what came in, until the platform has said yes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.processes import Bank, StoryClock, bank, mac, wait_until


class Platform(ThreadingHTTPServer):
    """A webhook that answers with the statuses it was given, then with 200."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), Ear)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/banks/{{bank}}/notices?v=1"

    def notices(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, _, body in self.heard]


class Ear(BaseHTTPRequestHandler):
    server: Platform

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.heard.append((self.path, headers, body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def platform() -> Iterator[Platform]:
    server = Platform()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def gusu(tmp_path: Path, platform: Platform) -> Iterator[Bank]:
    clock = StoryClock(tmp_path, "2026-11-23T10:00:00+08:00")
    process = bank(tmp_path / "gusu", "--truth", "--webhook", platform.url, clock=clock)
    process.start()
    yield process
    process.stop()


def delivered(gusu: Bank) -> list[bool]:
    return [notice["delivered"] for notice in gusu.truth("notices")]


class TestACredit:
    def test_is_told_signed_with_the_entry_as_polled(self, gusu: Bank, platform: Platform) -> None:
        account = gusu.open_account()
        paid = gusu.pay_in(account)
        wait_until(lambda: platform.heard)
        path, headers, body = platform.heard[0]
        key = gusu.keys["bank"][0]
        assert path == "/banks/gusu/notices?v=1"
        assert headers["x-bank-key"] == key["id"]
        expected = mac(
            key["secret"],
            "bank-request/1",
            key["id"],
            headers["x-bank-time"],
            headers["x-bank-nonce"],
            "POST",
            path,
            body=body,
        )
        assert headers["x-bank-signature"] == expected
        notice = json.loads(body)
        polled = gusu.ask(
            "transactions", account=account, from_day="2026-11-23", to_day="2026-11-23", limit=5
        ).data["entries"]
        assert (notice["type"], [notice["entry"]]) == ("CREDIT_NOTIFY", polled)
        assert notice["entry"]["bank_ref"] == paid["bank_ref"]
        assert "模拟" in notice["simulator"]

    @pytest.mark.parametrize("refusal", [500, 302, 204, 404])
    def test_is_told_again_until_the_answer_is_200(
        self, gusu: Bank, platform: Platform, refusal: int
    ) -> None:
        platform.answers = [refusal]
        gusu.pay_in(gusu.open_account())
        wait_until(lambda: delivered(gusu) == [True])
        assert [path for path, _, _ in platform.heard] == ["/banks/gusu/notices?v=1"] * 2
        first, second = platform.heard
        assert first[2] == second[2]
        assert first[1]["x-bank-nonce"] != second[1]["x-bank-nonce"]

    def test_is_told_after_a_kill_and_with_the_platform_down(
        self, gusu: Bank, platform: Platform
    ) -> None:
        platform.answers = [503] * 2
        gusu.pay_in(gusu.open_account())
        wait_until(lambda: platform.heard)
        gusu.kill()
        gusu.start()
        wait_until(lambda: delivered(gusu) == [True])
        assert len({notice["notice_id"] for notice in platform.notices()}) == 1

    def test_is_told_only_once_when_taken(self, gusu: Bank, platform: Platform) -> None:
        account = gusu.open_account()
        for amount in (1, 2, 3):
            gusu.pay_in(account, amount)
        wait_until(lambda: delivered(gusu) == [True] * 3)
        assert [notice["entry"]["amount_fen"] for notice in platform.notices()] == [1, 2, 3]

    def test_is_not_told_when_the_plan_loses_it(self, gusu: Bank, platform: Platform) -> None:
        gusu.plan({"match": "CREDIT_NOTIFY", "nth": 1, "fault": "LOSE_NOTICE"})
        account = gusu.open_account()
        gusu.pay_in(account, 1)
        gusu.pay_in(account, 2)
        wait_until(lambda: delivered(gusu) == [True, True])
        assert [notice["entry"]["amount_fen"] for notice in platform.notices()] == [2]

    def test_is_repeated_when_the_plan_says_so(self, gusu: Bank, platform: Platform) -> None:
        gusu.plan({"match": "CREDIT_NOTIFY", "fault": "REPEAT_NOTICE", "args": {"times": 3}})
        gusu.pay_in(gusu.open_account(), 1)
        wait_until(lambda: delivered(gusu) == [True])
        assert len(platform.heard) == 4


class TestAPaymentInHand:
    def test_is_told_when_it_is_settled(self, gusu: Bank, platform: Platform) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        gusu.plan({"match": "REFUND", "fault": "PROCESSING", "args": {"queries": 1}})
        gusu.ask("refunds", **order)
        where = {"serial": order["serial"], "bank_day": "2026-11-23"}
        gusu.ask("refunds/query", **where)
        wait_until(lambda: delivered(gusu) == [True, True])
        result = platform.notices()[1]
        assert result["type"] == "REFUND_RESULT"
        assert result["payment"] == gusu.ask("refunds/query", **where).data

    def test_is_not_told_when_it_was_answered_at_once(self, gusu: Bank, platform: Platform) -> None:
        account = gusu.open_account()
        gusu.ask("refunds", **gusu.instruction(account, gusu.pay_in(account)["bank_ref"]))
        wait_until(lambda: delivered(gusu) == [True])
        assert [notice["type"] for notice in platform.notices()] == ["CREDIT_NOTIFY"]
