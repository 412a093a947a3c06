"""The simulated bank pays out once per serial and bank day, and says truly why not."""

from __future__ import annotations

import secrets
from datetime import date
from decimal import Decimal

import pytest

from simulators.bank.interest import interest
from simulators.bank.profiles import Rate
from tests.simulators.processes import Bank, StoryClock


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
