"""The door banks knock at: only this bank, only now, only once; evidence first, reading after."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
from datetime import timedelta

import pytest

from bank_escrow import adapters
from bank_escrow.adapters import profile_for
from bank_escrow.adapters.open_api import OpenApiBank
from bank_escrow.adapters.protocol import Unreadable
from bank_escrow.adapters.signing import Keys
from bank_escrow.models import BankCredit, BankMessage, Break, Deposit
from bank_escrow.services import inbox
from core import clock
from tests.bank_escrow.lots import REQUIRED

SECRET = bytes(range(32))
TARGET = "/bank/gusu/notify"


@pytest.fixture
def door(lot, monkeypatch, client):
    """The webhook with the real dialect behind it, polling and sending still in memory."""
    real = OpenApiBank(
        profile=profile_for("gusu"),
        url="http://127.0.0.1:9",
        keys=Keys(ours=(("platform-1", SECRET),), bank={"bank-1": SECRET}),
    )
    lot.bank.authenticate = real.authenticate
    lot.bank.parse = real.parse

    def book(body: bytes) -> None:
        """What the bank tells it has also booked: its list will say the same."""
        with contextlib.suppress(Unreadable):
            (entry,) = real.parse(body)
            if entry.bank_ref not in {known.bank_ref for known in lot.bank.entries}:
                lot.bank.entries.append(entry)

    def knock(body, *, target=TARGET, late=0, key="bank-1", nonce=None, booked=True, **changes):
        if booked:
            book(body)
        at = str(int(clock.real_now().timestamp()) - late)
        nonce = nonce or secrets.token_urlsafe(24)
        said = f"bank-request/1\n{key}\n{at}\n{nonce}\nPOST\n{target}\n".encode() + body
        headers = {
            "X-Bank-Key": key,
            "X-Bank-Time": at,
            "X-Bank-Nonce": nonce,
            "X-Bank-Signature": hmac.new(SECRET, said, hashlib.sha256).hexdigest(),
        } | changes
        return client.post(TARGET, body, "application/json", headers=headers).status_code

    return knock


def notice(number: str, ref: str = "N1", **changes: object) -> bytes:
    entry = {
        "bank_ref": ref,
        "account": number,
        "direction": "CR",
        "amount_fen": REQUIRED,
        "currency": "CNY",
        "kind": "TRANSFER_IN",
        "bank_day": "2026-11-18",
        "booked_at": "2026-11-18T10:00:00+08:00",
        "counterparty": {
            "name": "苏州恒筑建设有限公司",
            "account": "1102020301040506",
            "bank": "他行(模拟)",
            "kind": "CORPORATE",
        },
        "remark": "",
        "serial": None,
        "balance_fen": REQUIRED,
    } | changes
    body = {
        "simulator": "x",
        "bank": "gusu",
        "notice_id": ref,
        "type": "CREDIT_NOTIFY",
        "at": "2026-11-18T10:00:00+08:00",
        "entry": entry,
    }
    return json.dumps(body).encode()


class TestANotice:
    def test_is_kept_before_it_is_read_and_counts_after(self, door, lot):
        party, number = lot.join()
        assert door(notice(number)) == 200
        assert BankMessage.objects.get().state == BankMessage.State.NEW
        assert BankCredit.objects.count() == 0
        lot.tick()
        assert lot.deposit(party).state == Deposit.State.MATCHED

    def test_alone_lets_nobody_in_until_the_banks_list_says_the_same(self, door, lot):
        party, number = lot.join()
        body = notice(number)
        door(body, booked=False)
        lot.tick()
        assert lot.deposit(party).state == Deposit.State.RECEIVED
        lot.open()
        assert lot.deposit(party).verdict == Deposit.State.UNPAID
        door(body, booked=True)
        lot.bank.now += timedelta(minutes=1)
        lot.tick()
        assert lot.deposit(party).verdict == Deposit.State.LOCKED

    def test_a_thousand_times_is_one(self, door, lot):
        _, number = lot.join()
        for _ in range(10):
            assert door(notice(number)) == 200
        lot.tick()
        assert door(notice(number)) == 200
        lot.tick()
        assert (BankMessage.objects.count(), BankCredit.objects.count()) == (1, 1)

    def test_of_what_a_poll_said_already_is_no_second_payment(self, door, lot):
        _, number = lot.join()
        entry = lot.bank.transfer(number, REQUIRED, ref="N1")
        lot.tick()
        same = notice(number, booked_at=entry.booked_at.isoformat())
        door(same)
        lot.tick()
        assert BankCredit.objects.count() == 1
        assert Break.objects.count() == 0

    def test_that_contradicts_an_earlier_one_books_nothing_and_is_a_break(self, door, lot):
        _, number = lot.join()
        door(notice(number))
        door(notice(number, amount_fen=REQUIRED + 1))
        lot.tick()
        assert BankCredit.objects.get().amount_fen in {REQUIRED, REQUIRED + 1}
        assert Break.objects.get().kind == Break.Kind.CONTRADICTION

    def test_in_any_order_ends_the_same(self, door, lot):
        party, number = lot.join()
        half = {"amount_fen": REQUIRED // 2}
        later_one = notice(number, "N2", booked_at="2026-11-18T11:00:00+08:00", **half)
        door(later_one)
        lot.tick()
        assert lot.deposit(party).state == Deposit.State.PARTIAL
        door(notice(number, "N1", **half))
        lot.tick()
        assert lot.deposit(party).state == Deposit.State.MATCHED

    @pytest.mark.parametrize(
        "forgery",
        [
            {"X-Bank-Signature": "0" * 64},
            {"X-Bank-Key": "platform-1"},
            {"X-Bank-Key": "nobody"},
            {"X-Bank-Nonce": "short"},
            {"X-Bank-Time": "yesterday"},
            {"X-Bank-Time": "1"},
        ],
    )
    def test_forged_leaves_nothing_behind(self, door, lot, forgery):
        _, number = lot.join()
        assert door(notice(number), **forgery) == 401
        assert BankMessage.objects.count() == 0

    def test_is_refused_when_too_old_and_kept_just_before(self, door, lot):
        _, number = lot.join()
        assert door(notice(number), late=302) == 401
        assert door(notice(number), late=290) == 200

    def test_replayed_under_its_nonce_is_refused(self, door, lot):
        _, number = lot.join()
        nonce = secrets.token_urlsafe(24)
        assert door(notice(number), nonce=nonce) == 200
        assert door(notice(number), nonce=nonce) == 401

    def test_signed_for_another_address_is_refused(self, door, lot):
        assert door(notice(lot.join()[1]), target="/bank/other/notify") == 401

    def test_too_large_is_refused_unread(self, door, lot):
        assert door(b" " * (1024 * 1024 + 1)) == 413

    @pytest.mark.parametrize(
        "change",
        [
            {"amount_fen": 100000.001},
            {"amount_fen": "50000000"},
            {"amount_fen": -1},
            {"amount_fen": 0},
            {"amount_fen": True},
            {"amount_fen": 10**16},
            {"direction": "DR"},
            {"kind": "GIFT"},
            {"booked_at": "2026-11-18T10:00:00"},
            {"booked_at": "yesterday"},
            {"counterparty": None},
            {"bank_ref": ""},
        ],
    )
    def test_authentic_but_unreadable_is_evidence_and_moves_nothing(self, door, lot, change):
        _, number = lot.join()
        assert door(notice(number, **change)) == 200
        lot.tick()
        assert BankMessage.objects.get().state == BankMessage.State.SET_ASIDE
        assert BankCredit.objects.count() == 0
        assert Break.objects.get().kind == Break.Kind.UNREADABLE

    @pytest.mark.parametrize("body", [b" ", b"<!DOCTYPE x>", b"[1]", b"null", b"[" * 100_000])
    def test_that_is_no_notice_is_evidence_too(self, door, lot, body):
        assert door(body) == 200
        lot.tick()
        assert BankMessage.objects.get().state == BankMessage.State.SET_ASIDE

    def test_in_another_currency_is_for_people(self, door, lot):
        party, number = lot.join()
        door(notice(number, currency="USD"))
        lot.tick()
        assert lot.deposit(party).codes == ["CURRENCY"]
        assert Break.objects.get().kind == Break.Kind.CURRENCY

    def test_is_not_acted_on_twice_by_two_workers(self, door, lot):
        _, number = lot.join()
        door(notice(number))
        message = BankMessage.objects.get()
        for _ in range(2):
            inbox.handle(message_id=message.id, now=lot.bank.now + timedelta(seconds=1))
        assert BankCredit.objects.count() == 1


class TestAnUnconnectedBank:
    def test_gets_the_same_no_as_a_forger(self, client, lot):
        answer = client.post("/bank/nobody/notify", b"{}", "application/json")
        assert answer.status_code == 401
        assert adapters.codes() == ("gusu",)
