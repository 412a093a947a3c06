"""The simulated bank keeps what its README promises."""

from __future__ import annotations

import http.client
import secrets
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from simulators.bank.interest import interest
from simulators.bank.profiles import Rate
from tests.simulators.processes import ROOT, Bank, StoryClock, bank

START = "2026-11-23T10:00:00+08:00"


@pytest.fixture
def clock(tmp_path: Path) -> StoryClock:
    return StoryClock(tmp_path, START)


@pytest.fixture
def gusu(tmp_path: Path, clock: StoryClock) -> Iterator[Bank]:
    process = bank(tmp_path / "gusu", "--truth", clock=clock)
    process.start()
    yield process
    if process.alive:
        assert process.stop() == 0


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """A bank for tests that change nothing in it."""
    process = bank(tmp_path_factory.mktemp("shared"), "--truth")
    process.start()
    yield process
    assert process.stop() == 0


class TestSayingWhatItIs:
    def test_is_in_the_ready_line_the_header_and_every_body(self, gusu: Bank) -> None:
        answer = gusu.ask("ping")
        assert "模拟" in gusu.ready["simulator"]
        assert answer.headers["x-simulator"] == "bank/gusu"
        assert "模拟" in answer.json["simulator"]
        assert "模拟" in gusu.call("POST", "/payer/received", {"account": "1"}).json["simulator"]

    def test_imports_nothing_of_the_product(self) -> None:
        product = {"core", "sealing", "audit", "accounts", "bank_escrow", "config", "django"}
        for path in (ROOT / "simulators").rglob("*.py"):
            for line in path.read_text().splitlines():
                if line.lstrip().startswith(("import ", "from ")):
                    assert line.split()[1].split(".")[0] not in product, (path, line)


class TestTheSignature:
    def test_opens_the_door_once(self, shared: Bank) -> None:
        headers = shared.signed("/open/v1/ping", b"{}")
        assert shared.call("POST", "/open/v1/ping", b"{}", headers).status == 200
        again = shared.call("POST", "/open/v1/ping", b"{}", headers)
        assert (again.status, again.json["code"]) == (401, "REPLAYED")

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"secret": "00" * 32}, "BAD_SIGNATURE"),
            ({"time": "1000000000"}, "STALE"),
            ({"time": "99999999999"}, "STALE"),
            ({"nonce": "short"}, "BAD_SIGNATURE"),
        ],
    )
    def test_is_refused_when_forged_or_stale(
        self, shared: Bank, changed: dict[str, str], code: str
    ) -> None:
        headers = shared.signed("/open/v1/ping", b"{}", **changed)
        answer = shared.call("POST", "/open/v1/ping", b"{}", headers)
        assert (answer.status, answer.json["code"]) == (401, code)

    def test_covers_body_and_place(self, shared: Bank) -> None:
        headers = shared.signed("/open/v1/ping", b"{}")
        assert shared.call("POST", "/open/v1/ping", b"{} ", headers).status == 401
        assert shared.call("POST", "/open/v1/ping?x", b"{}", headers).status == 401
        assert shared.call("POST", "/open/v1/ping", b"{}").json["code"] == "UNKNOWN_KEY"

    def test_is_on_refusals_too(self, shared: Bank) -> None:
        assert shared.ask("balance", account="600").json["code"] == "ACCOUNT_UNKNOWN"
        assert shared.ask("ping", more=1).json["code"] == "BAD_REQUEST"
        headers = shared.signed("/open/v1/ping", b"{}", secret="00" * 32)
        refused = shared.call("POST", "/open/v1/ping", b"{}", headers)
        assert shared.vouches_for(refused, target="/open/v1/ping", nonce=headers["X-Bank-Nonce"])

    def test_keeps_a_nonce_through_a_kill(self, gusu: Bank) -> None:
        headers = gusu.signed("/open/v1/ping", b"{}")
        assert gusu.call("POST", "/open/v1/ping", b"{}", headers).status == 200
        gusu.kill()
        gusu.start()
        again = gusu.call("POST", "/open/v1/ping", b"{}", headers)
        assert again.json["code"] == "REPLAYED"


class TestBadInput:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"{",
            b"\xff",
            b"[" * 5000,
            b'{"account": 1.5}',
            b'{"account": NaN}',
            b'{"account": true}',
            b'{"account": "\\ud800"}',
            b'{"account": "1\\u0000"}',
            b'{"account": "1", "account": "1"}',
        ],
    )
    def test_is_refused_naming_no_state(self, shared: Bank, body: bytes) -> None:
        headers = shared.signed("/open/v1/balance", body)
        answer = shared.call("POST", "/open/v1/balance", body, headers)
        assert (answer.status, answer.json["code"]) == (400, "BAD_REQUEST")

    @pytest.mark.parametrize("amount", [0, -1, "800000", 1.5, 10**15 + 1, True, None])
    def test_is_no_amount(self, shared: Bank, amount: object) -> None:
        account = shared.open_account()
        content = {"from_name": "甲", "from_account": "1", "to_account": account}
        answer = shared.call("POST", "/payer/transfer", {**content, "amount_fen": amount})
        assert answer.status == 400
        assert shared.truth("entries") == []

    def test_may_not_be_large_or_of_unknown_length(self, shared: Bank) -> None:
        door = http.client.HTTPConnection("127.0.0.1", shared.port, timeout=10)
        door.putrequest("POST", "/open/v1/ping")
        door.putheader("Content-Length", str(100 * 1024 * 1024))
        door.endheaders()
        assert door.getresponse().status == 413
        door.close()
        chunked = http.client.HTTPConnection("127.0.0.1", shared.port, timeout=10)
        chunked.request("POST", "/open/v1/ping", iter([b"{}"]), encode_chunked=True)
        assert chunked.getresponse().status == 411
        chunked.close()


class TestOpeningASubAccount:
    def test_is_done_once_per_request_number(self, gusu: Bank) -> None:
        content = {"request_no": "r-1", "opaque_ref": "o-1"}
        first = gusu.open_account(**content)
        assert gusu.open_account(**content) == first
        assert len([a for a in gusu.truth("accounts") if a["parent"]]) == 1

    def test_refuses_the_number_for_other_content(self, gusu: Bank) -> None:
        gusu.open_account(request_no="r-1", opaque_ref="o-1")
        answer = gusu.ask(
            "sub-accounts",
            request_no="r-1",
            parent_account="32050100000001",
            name="苏州市公共资源交易中心",
            opaque_ref="o-2",
        )
        assert (answer.status, answer.json["code"]) == (409, "REQUEST_NO_REUSED")

    def test_gives_numbers_that_tell_nothing(self, gusu: Bank) -> None:
        numbers = [gusu.open_account() for _ in range(8)]
        assert all(len(number) == 19 and number.isdigit() for number in numbers)
        assert numbers != sorted(numbers) or len({number[:4] for number in numbers}) > 1


class TestMoneyComingIn:
    def test_is_booked_now_by_the_story_and_found_by_polling(self, gusu: Bank) -> None:
        account = gusu.open_account()
        paid = gusu.pay_in(account)
        assert (paid["booked_at"], paid["bank_day"]) == (START, "2026-11-23")
        found = gusu.ask(
            "transactions", account=account, from_day="2026-11-23", to_day="2026-11-23", limit=10
        ).data
        (entry,) = found["entries"]
        assert entry["bank_ref"] == paid["bank_ref"]
        assert entry["counterparty"]["name"] == "江南路桥有限公司"
        assert entry["balance_fen"] == 800_000_00
        assert gusu.ask("balance", account=account).data["balance_fen"] == 800_000_00

    def test_belongs_to_the_next_bank_day_from_23_o_clock(
        self, gusu: Bank, clock: StoryClock
    ) -> None:
        account = gusu.open_account()
        clock.move("2026-11-23T22:59:59+08:00")
        assert gusu.pay_in(account)["bank_day"] == "2026-11-23"
        clock.move("2026-11-23T23:00:00+08:00")
        assert gusu.pay_in(account)["bank_day"] == "2026-11-24"

    def test_is_booked_once_per_transfer_id(self, gusu: Bank, clock: StoryClock) -> None:
        account = gusu.open_account()
        first = gusu.pay_in(account, transfer_id="t-1")
        clock.move("2026-11-23T11:00:00+08:00")
        assert gusu.pay_in(account, transfer_id="t-1") == first
        content = {"from_name": "乙", "from_account": "2", "to_account": account}
        changed = {**content, "amount_fen": 5, "transfer_id": "t-1"}
        other = gusu.call("POST", "/payer/transfer", changed)
        assert (other.status, other.json["code"]) == (409, "TRANSFER_ID_REUSED")
        assert len(gusu.truth("entries")) == 1

    def test_is_refused_for_an_unknown_account(self, gusu: Bank) -> None:
        content = {"from_name": "甲", "from_account": "1", "to_account": "6", "amount_fen": 1}
        answer = gusu.call("POST", "/payer/transfer", content)
        assert (answer.status, answer.json["code"]) == (404, "ACCOUNT_UNKNOWN")

    def test_waits_for_its_hour_when_sent_ahead(self, gusu: Bank, clock: StoryClock) -> None:
        account = gusu.open_account()
        later = gusu.pay_in(account, booked_at="2026-11-25T13:59:59+08:00")
        assert (later["status"], later["bank_ref"]) == ("SCHEDULED", None)
        assert gusu.truth("entries") == []
        gusu.kill()
        gusu.start()
        clock.move("2026-11-25T14:00:00+08:00")
        (entry,) = gusu.truth("entries")
        assert entry["booked_at"] == "2026-11-25T13:59:59+08:00"

    def test_is_paged_without_loss_or_repetition(self, gusu: Bank) -> None:
        account = gusu.open_account()
        sent = [gusu.pay_in(account, number)["bank_ref"] for number in range(1, 8)]
        seen, cursor, more = [], None, True
        while more:
            page = gusu.ask(
                "transactions", account=None, from_day="2026-01-01", to_day="2026-12-31",
                cursor=cursor, limit=3,
            ).data  # fmt: skip
            seen += [entry["bank_ref"] for entry in page["entries"]]
            cursor, more = page["cursor"], page["more"]
        assert seen == sent
        last = gusu.pay_in(account, 9)["bank_ref"]
        page = gusu.ask(
            "transactions", account=None, from_day="2026-01-01", to_day="2026-12-31",
            cursor=cursor, limit=3,
        ).data  # fmt: skip
        assert [entry["bank_ref"] for entry in page["entries"]] == [last]


class TestRefunding:
    def test_pays_principal_with_interest_rounded_once(self, gusu: Bank, clock: StoryClock) -> None:
        account = gusu.open_account()
        paid = gusu.pay_in(account, 500_000_00)
        clock.move("2026-12-23T10:00:00+08:00")
        order = gusu.instruction(account, paid["bank_ref"], amount_fen=500_000_00)
        done = gusu.ask("refunds", **order).data
        assert (done["status"], done["interest_fen"]) == ("DONE", 145_83)
        kinds = [(e["kind"], e["amount_fen"]) for e in gusu.truth("entries")[1:]]
        assert kinds == [
            ("INTEREST", 145_83),
            ("REFUND_OUT", 500_000_00),
            ("INTEREST_OUT", 145_83),
        ]
        assert all(e["serial"] == order["serial"] for e in gusu.truth("entries")[1:])
        assert gusu.ask("balance", account=account).data["balance_fen"] == 0
        asked = gusu.call("POST", "/payer/received", {"account": order["payee_account"]})
        assert [r["amount_fen"] for r in asked.data["received"]] == [500_145_83]

    def test_keeps_the_interest_in_the_parent_account_when_told_so(
        self, gusu: Bank, clock: StoryClock
    ) -> None:
        account = gusu.open_account()
        paid = gusu.pay_in(account, 500_000_00)
        clock.move("2026-12-23T10:00:00+08:00")
        order = gusu.instruction(account, paid["bank_ref"], amount_fen=500_000_00, interest="KEEP")
        assert gusu.ask("refunds", **order).data["interest_fen"] == 0
        balances = {a["account"]: a["balance_fen"] for a in gusu.truth("accounts")}
        assert balances == {account: 0, "32050100000001": 145_83}

    def test_is_done_once_for_a_serial_within_the_bank_day(self, gusu: Bank) -> None:
        account = gusu.open_account()
        paid = gusu.pay_in(account)
        order = gusu.instruction(account, paid["bank_ref"], amount_fen=100)
        first = gusu.ask("refunds", **order).data
        gusu.kill()
        gusu.start()
        assert gusu.ask("refunds", **order).data == first
        assert len(gusu.truth("payments")) == 1
        other = gusu.ask("refunds", **{**order, "amount_fen": 101})
        assert (other.status, other.json["code"]) == (409, "SERIAL_REUSED")

    def test_is_done_again_for_the_same_serial_on_the_next_bank_day(
        self, gusu: Bank, clock: StoryClock
    ) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"], amount_fen=100)
        gusu.ask("refunds", **order)
        clock.move("2026-11-23T23:00:00+08:00")
        assert gusu.ask("refunds", **order).data["bank_day"] == "2026-11-24"
        assert [p["status"] for p in gusu.truth("payments")] == ["DONE", "DONE"]

    def test_holds_to_the_day_it_names(self, gusu: Bank, clock: StoryClock) -> None:
        account = gusu.open_account()
        ref = gusu.pay_in(account)["bank_ref"]
        order = gusu.instruction(account, ref, amount_fen=100, valid_on="2026-11-23")
        assert gusu.ask("refunds", **order).data["status"] == "DONE"
        clock.move("2026-11-24T10:00:00+08:00")
        refused = gusu.ask("refunds", **order).data
        assert (refused["status"], refused["fail_code"]) == ("FAILED", "EXPIRED")

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"account": "6000"}, "ACCOUNT_UNKNOWN"),
            ({"original_ref": "GS0"}, "ORIGINAL_UNKNOWN"),
            ({"payee_account": "999"}, "PAYEE_NOT_PAYER"),
            ({"payee_name": "另一家公司"}, "PAYEE_NOT_PAYER"),
            ({"amount_fen": 800_000_01}, "EXCEEDS_ORIGINAL"),
        ],
    )
    def test_fails_for_a_reason_of_the_closed_list(
        self, gusu: Bank, changed: dict[str, object], code: str
    ) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        failed = gusu.ask("refunds", **{**order, **changed}).data
        assert (failed["status"], failed["fail_code"]) == ("FAILED", code)
        assert len(gusu.truth("entries")) == 1
        right = gusu.ask("refunds", **{**order, "serial": "HP" + secrets.token_hex(6)}).data
        assert right["status"] == "DONE"

    def test_of_one_credit_never_exceeds_it_in_parts(self, gusu: Bank) -> None:
        account = gusu.open_account()
        gusu.pay_in(account, 1000, from_account="77")
        ref = gusu.pay_in(account, 1000)["bank_ref"]
        states = [
            gusu.ask("refunds", **gusu.instruction(account, ref, amount_fen=600)).data["status"]
            for _ in range(2)
        ]
        assert states == ["DONE", "FAILED"]

    def test_forfeits_to_another_payee_only_with_a_basis(self, gusu: Bank) -> None:
        account = gusu.open_account()
        order = gusu.instruction(
            account, gusu.pay_in(account)["bank_ref"], purpose="FORFEIT", interest="KEEP",
            payee_account="888", payee_name="苏州市某某局",
        )  # fmt: skip
        assert gusu.ask("refunds", **order).status == 400
        assert gusu.ask("refunds", **order, remark="不予退还决定 3 号").data["status"] == "DONE"
        assert gusu.truth("entries")[-1]["kind"] == "FORFEIT_OUT"

    def test_can_be_asked_for_on_any_day(self, gusu: Bank, clock: StoryClock) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        done = gusu.ask("refunds", **order).data
        clock.move("2026-12-01T10:00:00+08:00")
        asked = gusu.ask("refunds/query", serial=order["serial"], bank_day="2026-11-23").data
        assert asked == done
        other = gusu.ask("refunds/query", serial=order["serial"], bank_day="2026-11-24").data
        assert other["status"] == "NOT_FOUND"

    def test_comes_back_and_is_paid_again_from_the_return(self, gusu: Bank) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        gusu.ask("refunds", **order)
        where = {"serial": order["serial"], "bank_day": "2026-11-23"}
        back = gusu.call("POST", "/truth/return", where).data
        assert (back["kind"], back["serial"]) == ("RETURN_IN", order["serial"])
        assert gusu.ask("refunds/query", **where).data["status"] == "DONE"
        again = gusu.ask("refunds", **gusu.instruction(account, back["bank_ref"])).data
        assert again["status"] == "DONE"
        assert gusu.ask("balance", account=account).data["balance_fen"] == 0
        assert gusu.call("POST", "/truth/return", where).status == 404

    def test_fails_when_the_payer_has_closed_the_account(self, gusu: Bank) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        gusu.call("POST", "/truth/close-payer", {"account": order["payee_account"]})
        assert gusu.ask("refunds", **order).data["fail_code"] == "PAYEE_ACCOUNT_CLOSED"


class TestCancelling:
    def test_bars_an_unknown_serial_for_ever(self, gusu: Bank, clock: StoryClock) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        where = {"serial": order["serial"], "bank_day": "2026-11-23"}
        assert gusu.ask("refunds/cancel", **where).data["result"] == "CANCELLED"
        clock.move("2026-11-25T10:00:00+08:00")
        assert gusu.ask("refunds", **order).data["fail_code"] == "CANCELLED"

    def test_comes_too_late_for_what_is_paid(self, gusu: Bank) -> None:
        account = gusu.open_account()
        order = gusu.instruction(account, gusu.pay_in(account)["bank_ref"])
        gusu.ask("refunds", **order)
        where = {"serial": order["serial"], "bank_day": "2026-11-23"}
        assert gusu.ask("refunds/cancel", **where).data["result"] == "TOO_LATE"


class TestTheStatement:
    def test_balances_and_is_ready_when_the_day_is_over(
        self, gusu: Bank, clock: StoryClock
    ) -> None:
        first, second = gusu.open_account(), gusu.open_account()
        ref = gusu.pay_in(first, 1000)["bank_ref"]
        gusu.pay_in(second, 500)
        where = {"bank_day": "2026-11-23", "parent_account": "32050100000001"}
        assert gusu.ask("statements", **where).json["code"] == "STATEMENT_NOT_READY"
        clock.move("2026-11-24T09:00:00+08:00")
        gusu.ask("refunds", **gusu.instruction(first, ref, amount_fen=1000))
        clock.move("2026-11-25T09:00:00+08:00")
        days = [
            gusu.ask("statements", **{**where, "bank_day": day}).data
            for day in ("2026-11-23", "2026-11-24")
        ]
        assert [(d["opening_fen"], d["closing_fen"], d["count"]) for d in days] == [
            (0, 1500, 2),
            (1500, 500, 1),
        ]
        for day in days:
            assert day["final"]
            assert day["opening_fen"] + day["credits_fen"] - day["debits_fen"] == day["closing_fen"]
            assert sum(a["closing_fen"] for a in day["accounts"]) == day["closing_fen"]

    def test_gets_a_higher_version_only_when_the_day_is_corrected(
        self, gusu: Bank, clock: StoryClock
    ) -> None:
        account = gusu.open_account()
        gusu.pay_in(account, 1000)
        clock.move("2026-11-24T09:00:00+08:00")
        where = {"bank_day": "2026-11-23", "parent_account": "32050100000001"}
        assert [gusu.ask("statements", **where).data["version"] for _ in "ab"] == [1, 1]
        gusu.pay_in(account, 5, booked_at="2026-11-23T12:00:00+08:00")
        corrected = gusu.ask("statements", **where).data
        assert (corrected["version"], corrected["closing_fen"]) == (2, 1005)


class TestTheBankDay:
    def test_never_goes_back(self, gusu: Bank, clock: StoryClock) -> None:
        clock.move("2026-11-30T10:00:00+08:00")
        assert gusu.ask("ping").data["bank_day"] == "2026-11-30"
        clock.move(START)
        gusu.kill()
        gusu.start()
        assert gusu.ask("ping").data["bank_day"] == "2026-11-30"


class TestSurvivingAKill:
    def test_keeps_every_answered_act(self, gusu: Bank) -> None:
        account = gusu.open_account()
        for number in range(1, 6):
            paid = gusu.pay_in(account, number * 100)
            gusu.kill()
            gusu.start()
            assert gusu.truth("entries")[-1]["bank_ref"] == paid["bank_ref"]
        assert gusu.ask("balance", account=account).data["balance_fen"] == 1500

    def test_gives_its_state_to_one_process_alone(
        self, gusu: Bank, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(RuntimeError, match="exit 3"):
            bank(gusu.state).start()
        assert "state in use" in capfd.readouterr().err


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


class TestInterest:
    rates = (
        Rate(valid_from=date(2020, 1, 1), annual=Decimal("0.0035")),
        Rate(valid_from=date(2026, 11, 1), annual=Decimal("0.0005")),
    )

    def test_counts_the_first_day_and_not_the_last(self) -> None:
        since, until = date(2026, 9, 1), date(2026, 10, 1)
        earned = interest(500_000_00, since=since, until=until, rates=self.rates, basis=360)
        assert earned == 145_83
        assert interest(500_000_00, since=since, until=since, rates=self.rates, basis=360) == 0

    def test_goes_by_pieces_and_rounds_once(self) -> None:
        since, until = date(2026, 10, 22), date(2026, 11, 28)
        earned = interest(800_000_00, since=since, until=until, rates=self.rates, basis=360)
        exact = 800_000_00 * (Decimal("0.0035") * 10 + Decimal("0.0005") * 27) / 360
        assert earned == int(exact + Decimal("0.5"))
        rate = (Rate(valid_from=date(2000, 1, 1), annual=Decimal("0.0005")),)
        assert interest(800_000_00, since=since, until=until, rates=rate, basis=360) == 41_11


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


def test_the_readme_lists_every_fail_code_and_fault() -> None:
    from simulators.bank.faults import FAIL_CODES, FITS

    text = (ROOT / "simulators/bank/README.md").read_text()
    for word in (*FAIL_CODES, *FITS):
        assert f"`{word}`" in text, word
