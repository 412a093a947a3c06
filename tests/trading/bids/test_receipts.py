"""A receipt is a promise, then a proof; it reaches the firm by every way, and nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Outgoing
from accounts.services import due
from audit.services.keys import log_key
from sealing.cli import main
from sealing.encoding import unb64u
from sealing.receipts import verify
from tests import people, worlds
from trading.models import Bid

pytestmark = pytest.mark.django_db

D = worlds.DEADLINE
BEFORE = D - timedelta(hours=2)


@pytest.fixture
def world(clock):
    clock.set(BEFORE)
    return worlds.published()


@pytest.fixture
def bid(world):
    party = worlds.submitted(world, people.sun(), price_fen=950_000_000, at=BEFORE)
    return Bid.objects.get(party=party)


@pytest.fixture
def sun(client):
    return people.sign_in(client, people.sun())


@pytest.fixture
def phones(settings):
    settings.SMS_URL = "http://127.0.0.1:1/sms"


def placed():
    worlds.log_ticks(now=BEFORE + timedelta(minutes=1))


def token(client, bid):
    return client.get(f"/receipts/{bid.receipt_id}.jws").content.decode()


def proof(client, bid):
    answer = client.get(f"/receipts/{bid.receipt_id}/proof")
    assert answer.status_code == 200
    return answer.content.decode()


class TestThePromise:
    def test_is_said_to_be_one_and_asks_again_until_it_is_kept(self, sun, bid):
        page = sun.get(f"/receipts/{bid.receipt_id}").content.decode()
        assert "正在写入透明日志" in page
        assert f'hx-get="/receipts/{bid.receipt_id}/proof"' in page
        assert token(sun, bid) == bid.receipt

    def test_becomes_a_proof_after_the_tick(self, sun, bid):
        placed()
        part = proof(sun, bid)
        assert "已写入公开的透明日志" in part
        assert "hx-get" not in part
        kept = verify(token(sun, bid), log_key=log_key())
        assert kept.proof is not None
        assert kept.id == bid.receipt_id

    def test_is_proved_by_the_command_line_with_the_one_file(self, sun, bid, tmp_path, capsys):
        (tmp_path / "log-key.pub").write_text(log_key().dumps() + "\n")
        told = []
        for name in ("promise", "proof"):
            file = tmp_path / f"{name}.jws"
            file.write_text(token(sun, bid))
            code = main(["verify-receipt", str(file), "--log-key", str(tmp_path / "log-key.pub")])
            told.append((code, json.loads(capsys.readouterr().out)["included"]))
            placed()
        assert told == [(0, False), (0, True)]

    def test_shows_every_step_of_the_proof_to_its_owner(self, sun, bid):
        placed()
        kept = verify(token(sun, bid), log_key=log_key())
        part = proof(sun, bid)
        for words in ("leaf", "root", *kept.checkpoint.splitlines()[:3]):
            assert words in part

    def test_is_shown_to_nobody_else(self, bid):
        placed()
        li = people.sign_in(Client(), people.li())
        assert li.get(f"/receipts/{bid.receipt_id}/proof").status_code == 404


class TestThePublicCheck:
    def test_shows_the_proof_that_the_receipt_itself_carries(self, sun, client, bid):
        promise = token(sun, bid)
        placed()
        visitor = Client()
        page = visitor.post("/verify", {"receipt": token(sun, bid)}).content.decode()
        assert "回执自带的证明成立" in page
        assert "技术细节" in page
        assert "技术细节" not in visitor.post("/verify", {"receipt": promise}).content.decode()

    def test_finds_the_proof_of_a_mere_promise_once_the_lot_is_closed(self, world, bid):
        worlds.closed(world)
        worlds.log_ticks(now=D + timedelta(minutes=1))
        page = Client().post("/verify", {"receipt": bid.receipt}).content.decode()
        assert "核对无误" in page
        assert "技术细节" in page


class TestTheCopy:
    def test_stands_in_the_inbox_with_number_time_lot_and_fingerprint(self, sun, bid):
        page = sun.get("/my/messages").content.decode()
        assert f"投标文件已收到：{bid.lot.code}" in page
        link = page.split(bid.lot.code)[0].rsplit('href="', 1)[1].split('"')[0]
        words = sun.get(link, follow=True).content.decode()
        for fact in (bid.receipt_id, "2026-11-", unb64u(bid.ct_sha256).hex()[:8]):
            assert fact in words

    def test_goes_out_by_e_mail_and_sms_without_the_lot(self, phones, bid, mailoutbox, monkeypatch):
        sent = []
        monkeypatch.setitem(due._SENDERS, Outgoing.Channel.SMS, lambda **told: sent.append(told))
        due.tick(BEFORE + timedelta(minutes=1))
        mail = f"{mailoutbox[0].subject} {mailoutbox[0].body}"
        assert bid.receipt_id in mail
        assert bid.receipt_id in str(sent)
        for secret in (bid.lot.code, bid.lot.title, str(bid.lot_id)):
            assert secret not in mail
            assert secret not in str(sent)

    def test_names_nobody_to_a_reader_of_the_database(self, phones, bid):
        assert Outgoing.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT o::text FROM accounts_outgoing o")
            rows = str(cursor.fetchall())
            cursor.execute("SELECT m::text FROM accounts_message m")
            rows += str(cursor.fetchall())
        for canary in (people.sun().email, str(people.sun().pk), bid.receipt_id, bid.lot.code):
            assert canary not in rows
            assert canary.encode().hex() not in rows
