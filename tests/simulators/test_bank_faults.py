"""The simulated bank goes wrong exactly as it is told to, and only for tests."""

from __future__ import annotations

import http.client
import time
from pathlib import Path

import pytest

from tests.simulators.conftest import START
from tests.simulators.processes import Bank, StoryClock, bank


class TestTheTruthDoor:
    def test_is_closed_without_its_flag(self, tmp_path: Path) -> None:
        plain = bank(tmp_path / "plain")
        plain.start()
        try:
            account = plain.open_account()
            for path in ("accounts", "entries", "payments", "notices", "plan"):
                assert plain.call("GET", "/truth/" + path).status == 404
            for path in ("plan", "settle", "flush", "return", "close-payer"):
                assert plain.call("POST", "/truth/" + path, {}).status == 404
            content = {"from_name": "甲", "from_account": "1", "to_account": account}
            ahead = {**content, "amount_fen": 1, "booked_at": START}
            assert plain.call("POST", "/payer/transfer", ahead).json["code"] == "CLOSED"
            assert plain.pay_in(account)["status"] == "BOOKED"
        finally:
            plain.stop()

    def test_refuses_a_plan_that_cannot_be(self, gusu: Bank) -> None:
        wrong = [
            {"match": "PING", "fault": "QUEUE"},
            {"match": "REFUND", "fault": "REFUSE", "args": {"fail_code": "NO_REASON"}},
            {"match": "REFUND", "fault": "DELAY"},
            "REFUND",
        ]
        for rule in wrong:
            answer = gusu.call("POST", "/truth/plan", {"seed": 1, "rules": [rule]})
            assert answer.status == 400, rule


class TestFaults:
    def test_lose_the_answer_but_not_the_payment(self, gusu: Bank) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        gusu.plan({"match": "REFUND", "nth": 1, "fault": "LOSE_ANSWER"})
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            gusu.ask("refunds", **order)
        where = {"serial": order["serial"], "bank_day": "2026-11-23"}
        assert gusu.ask("refunds/query", **where).data["status"] == "DONE"

    def test_lose_the_request_before_anything_is_done(self, gusu: Bank) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        gusu.plan({"match": "REFUND", "nth": 1, "fault": "LOSE_REQUEST"})
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            gusu.ask("refunds", **order)
        assert gusu.truth("payments") == []
        assert gusu.ask("refunds", **order).data["status"] == "DONE"

    def test_keep_a_payment_in_hand_until_it_is_asked_for(self, gusu: Bank) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        gusu.plan({"match": "REFUND", "fault": "PROCESSING", "args": {"queries": 2}})
        assert gusu.ask("refunds", **order).data["status"] == "PROCESSING"
        where = {"serial": order["serial"], "bank_day": "2026-11-23"}
        states = [gusu.ask("refunds/query", **where).data["status"] for _ in range(3)]
        assert states == ["PROCESSING", "PROCESSING", "DONE"]

    def test_fail_a_payment_in_hand_later(self, gusu: Bank) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        gusu.plan({"match": "REFUND", "fault": "PROCESSING", "args": {"queries": 0}})
        gusu.ask("refunds", **order)
        where = {"serial": order["serial"], "bank_day": "2026-11-23"}
        late = {**where, "fail_code": "PAYEE_ACCOUNT_CLOSED"}
        assert gusu.call("POST", "/truth/settle", late).data["status"] == "FAILED"
        assert gusu.ask("refunds/query", **where).data["fail_code"] == "PAYEE_ACCOUNT_CLOSED"

    def test_let_two_copies_in_the_queue_be_paid_on_both_sides_of_midnight(
        self, gusu: Bank, clock: StoryClock
    ) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"], amount_fen=100)
        gusu.plan({"match": "REFUND", "fault": "QUEUE"})
        where = {"serial": order["serial"], "bank_day": "2026-11-23"}
        for moment in (START, "2026-11-24T10:00:00+08:00"):
            clock.move(moment)
            with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
                gusu.ask("refunds", **order)
            assert gusu.ask("refunds/query", **where).data["status"] == (
                "NOT_FOUND" if moment == START else "DONE"
            )
            gusu.call("POST", "/truth/flush", {})
        assert [p["status"] for p in gusu.truth("payments")] == ["DONE", "DONE"]

    def test_spoil_answers_that_must_not_be_believed(self, gusu: Bank) -> None:
        gusu.plan(
            {"match": "PING", "nth": 1, "fault": "GARBLE"},
            {"match": "PING", "nth": 2, "fault": "FORGED_ANSWER"},
            {"match": "PING", "nth": 3, "fault": "SERVER_ERROR"},
        )
        believed = []
        for _ in range(4):
            headers = gusu.signed("/open/v1/ping", b"{}")
            answer = gusu.call("POST", "/open/v1/ping", b"{}", headers)
            believed.append(
                gusu.vouches_for(answer, target="/open/v1/ping", nonce=headers["X-Bank-Nonce"])
            )
        assert believed == [False, False, False, True]

    def test_delay_the_answer_only(self, gusu: Bank) -> None:
        gusu.plan({"match": "PING", "fault": "DELAY", "args": {"ms": 300}})
        begun = time.monotonic()
        gusu.ask("ping")
        assert time.monotonic() - begun >= 0.3

    def test_repeat_under_the_same_seed_even_after_a_kill(self, gusu: Bank) -> None:
        rule = {"match": "PING", "chance": "0.5", "fault": "FORGED_ANSWER"}

        def fate() -> list[bool]:
            spoiled = []
            for number in range(12):
                if number == 6:
                    gusu.kill()
                    gusu.start()
                headers = gusu.signed("/open/v1/ping", b"{}")
                answer = gusu.call("POST", "/open/v1/ping", b"{}", headers)
                spoiled.append(answer.headers["x-bank-signature"] == "0" * 64)
            return spoiled

        gusu.plan(rule, seed=11)
        first = fate()
        gusu.plan(rule, seed=11)
        assert fate() == first
        assert len(set(first)) == 2
