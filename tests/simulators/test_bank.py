"""The simulated bank keeps what its README promises: door, accounts, credits, statements."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest

from tests.simulators.conftest import START
from tests.simulators.processes import ROOT, Bank, StoryClock, bank


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


def test_the_readme_lists_every_fail_code_and_fault() -> None:
    from simulators.bank.faults import FAIL_CODES, FITS

    text = (ROOT / "simulators/bank/README.md").read_text()
    for word in (*FAIL_CODES, *FITS):
        assert f"`{word}`" in text, word
