"""The public pages: downloads that check out, and an honest word on a receipt."""

from __future__ import annotations

import html
import json
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import selectors
from audit.models import LogEntry
from audit.services.keys import log_key, log_origin, signing_key
from audit.services.log import enqueue
from audit.services.tick import tick
from audit.urls import urlpatterns
from sealing import checkpoint, log, receipts
from sealing.checkpoint import LogKey
from sealing.cli import main
from sealing.entries import BidReceived
from sealing.log import LogProof
from tests.audit.probes import NOON, closed, logged_bid
from tests.audit.test_verify import guards_off

pytestmark = pytest.mark.django_db


def ticks(count=1):
    for _ in range(count):
        tick(now=NOON)


def close(lot="lot-1"):
    with transaction.atomic():
        enqueue(kind="tender.close", entry=closed(lot=lot), now=NOON)
    ticks()


def receipt(entry: LogEntry, *, private=None, proven=False) -> str:
    """The receipt of an entry, as the bidder keeps it."""
    newest = selectors.latest_checkpoint() if proven else None
    proof = selectors.inclusion(entry) if proven else None
    return receipts.sign(
        receipts.Receipt(
            issuer=log_origin(),
            id="A" * 22,
            issued_at="2026-11-23T04:00:01.000Z",
            entry=BidReceived.from_body(entry.body),
            salt=bytes(entry.salt),
            checkpoint=newest.note if newest else None,
            proof=LogProof.from_body(proof) if proof else None,
        ),
        private=private or signing_key(),
    )


class TestTheLogsFiles:
    def test_are_what_an_outsider_needs(self, client):
        ticks(5)
        key = LogKey.loads(client.get("/log/key").content.decode())
        old = checkpoint.verify(client.get("/log/checkpoint/3").content.decode(), log_key=key)
        new = checkpoint.verify(client.get("/log/checkpoint").content.decode(), log_key=key)
        assert (old.size, new.size) == (3, 5)
        body = client.get("/log/proof", {"from": 3}).json()
        log.verify_consistency(body, old=old, new=new)

    def test_are_verified_by_the_lines_the_page_shows(self, client, tmp_path, monkeypatch):
        ticks(3)
        page = client.get("/log").content.decode()
        shown = html.unescape(page.partition('<pre class="code"')[2].partition("</pre>")[0])
        first, _later, second, proof, verify = shown.partition(">")[2].strip().splitlines()
        monkeypatch.chdir(tmp_path)

        def fetch(line):
            words = shlex.split(line)[1:]
            for flag, name, url in zip(*(iter(words),) * 3, strict=True):
                assert flag == "-o"
                parts = urlsplit(url)
                Path(name).write_bytes(client.get(f"{parts.path}?{parts.query}").content)

        fetch(first)
        ticks(2)
        fetch(second)
        size = Path("after.txt").read_text().splitlines()[1]
        fetch(proof.replace("$(sed -n 2p after.txt)", size))
        assert shlex.split(verify)[0] == "ggzy-bid"
        assert main(shlex.split(verify)[1:]) == 0
        Path("before.txt").write_text(Path("after.txt").read_text())
        assert main(shlex.split(verify)[1:]) == 1

    def test_are_plain_text(self, client):
        ticks()
        for name in ("/log/key", "/log/checkpoint"):
            assert client.get(name)["Content-Type"] == "text/plain; charset=utf-8"

    def test_are_missing_before_the_first_tick(self, client):
        assert client.get("/log/checkpoint").status_code == 404
        assert client.get("/log/checkpoint/1").status_code == 404
        assert client.get("/log").status_code == 200

    def test_are_not_found_for_a_size_the_log_never_had(self, client):
        ticks()
        assert client.get(f"/log/checkpoint/{10**30}").status_code == 404

    @pytest.mark.parametrize(
        "asked",
        [{}, {"from": 0}, {"from": "x"}, {"from": 3, "to": 2}, {"from": 1, "to": 6}, {"from": 9}],
    )
    def test_refuse_a_proof_between_sizes_that_are_none(self, client, asked):
        ticks(5)
        answer = client.get("/log/proof", asked)
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "X-421"
        assert "5" in answer.json()["error"]["why"]

    def test_take_no_post(self, client):
        assert {client.post(f"/log{rest}").status_code for rest in ("", "/key", "/proof")} == {405}


class TestTheLogPage:
    def test_shows_the_checkpoint_and_the_key(self, client):
        ticks(2)
        page = client.get("/log").content.decode()
        assert log_key().dumps() in page
        assert selectors.latest_checkpoint().note.splitlines()[2] in page

    def test_tells_the_time_and_nothing_else(self, client):
        ticks(1)
        with CaptureQueriesContext(connection) as idle:
            empty = client.get("/log").content.decode()
        with guards_off() as cursor:
            for table in ("checkpoint", "treenode", "logentry", "logtick"):
                cursor.execute(f"DELETE FROM audit_{table}")
        for n in range(50):
            logged_bid(n)
        ticks(1)
        with CaptureQueriesContext(connection) as busy:
            full = client.get("/log").content.decode()
        assert len(full) == len(empty)
        assert [q["sql"] for q in idle] == [q["sql"] for q in busy]


class TestCheckingAReceipt:
    def check(self, client, token):
        return client.post("/verify", {"receipt": token})

    def test_says_when_the_bid_was_received(self, client):
        answer = self.check(client, receipt(logged_bid()))
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "真实：2026-11-23 12:00:00 收到" in page
        assert answer.context["checked"].fingerprint in page

    def test_reads_a_file_and_a_text_broken_into_lines(self, client):
        token = receipt(logged_bid())
        folded = "\r\n ".join(token[i : i + 70] for i in range(0, len(token), 70))
        assert self.check(client, folded).status_code == 200
        file = SimpleUploadedFile("receipt.jws", token.encode() + b"\n")
        assert client.post("/verify", {"file": file}).status_code == 200

    @pytest.mark.parametrize(
        "token", ["", "a.b.c", "真的", "x" * 70_000, "eyJhbGciOiJub25lIn0.e30."]
    )
    def test_refuses_what_is_no_receipt(self, client, token):
        answer = self.check(client, token)
        assert answer.status_code == 422
        assert "真实" not in answer.content.decode()

    def test_asks_for_a_receipt_when_none_was_brought(self, client):
        assert client.post("/verify").status_code == 422
        assert client.get("/verify").status_code == 200

    def test_refuses_a_receipt_with_one_word_changed(self, client):
        header, payload, signature = receipt(logged_bid()).split(".")
        changed = f"{header}.{payload[:-3]}AAA.{signature}"
        assert "X-422" in self.check(client, changed).content.decode()

    def test_refuses_a_receipt_of_another_key(self, client):
        token = receipt(logged_bid(), private=Ed25519PrivateKey.generate())
        assert "X-422" in self.check(client, token).content.decode()

    def test_refuses_a_file_too_large_to_be_one(self, client):
        file = SimpleUploadedFile("receipt.jws", b"x" * 70_000)
        assert client.post("/verify", {"file": file}).status_code == 422

    def test_looks_nothing_up_for_a_forgery(self, client):
        token = receipt(logged_bid(), private=Ed25519PrivateKey.generate())
        with CaptureQueriesContext(connection) as spent:
            self.check(client, token)
        assert not [q for q in spent if "audit_logentry" in q["sql"]]

    def test_asks_the_log_only_after_the_lot_is_closed(self, client):
        token = receipt(logged_bid())
        ticks()
        with CaptureQueriesContext(connection) as spent:
            before = self.check(client, token)
        assert before.context["checked"].in_log is None
        assert not before.context["checked"].missing
        assert not [q for q in spent if '"leaf_hash" =' in q["sql"]]
        close("another-lot")
        assert self.check(client, token).context["checked"].in_log is None
        close()
        after = self.check(client, token)
        assert after.context["checked"].in_log.size == 3

    def test_answers_alike_before_the_close_whether_the_log_has_it_or_not(self, client):
        kept, lost = logged_bid(1), logged_bid(1)
        ticks()
        tokens = [receipt(kept), receipt(lost)]
        with guards_off() as cursor:
            cursor.execute("DELETE FROM audit_logentry WHERE id = %s", [lost.pk])
        pages = []
        for token in tokens:
            with CaptureQueriesContext(connection) as spent:
                page = self.check(client, token).content.decode()
            pages.append((page.replace(token, "").count("\n"), len(page), len(spent)))
        assert pages[0] == pages[1]

    def test_says_when_a_promised_entry_is_missing(self, client):
        entry = logged_bid()
        ticks()
        token = receipt(entry)
        with guards_off() as cursor:
            cursor.execute("DELETE FROM audit_logentry")
        close()
        answer = self.check(client, token)
        assert answer.context["checked"].missing
        assert "真实：" not in answer.content.decode()

    def test_is_not_taken_in_by_a_row_that_no_root_covers(self, client):
        entry = logged_bid()
        token = receipt(entry)
        close()
        with guards_off() as cursor:
            cursor.execute("UPDATE audit_logentry SET position = (position + 1) % 65536")
        assert self.check(client, token).context["checked"].missing

    def test_takes_the_proof_a_receipt_carries(self, client):
        entry = logged_bid()
        ticks(2)
        token = receipt(LogEntry.objects.get(pk=entry.pk), proven=True)
        assert "自带的证明成立" in self.check(client, token).content.decode()

    def test_keeps_nothing_of_what_was_brought(self, client):
        token = receipt(logged_bid())
        with CaptureQueriesContext(connection) as spent:
            self.check(client, token)
        wrote = [q["sql"] for q in spent if q["sql"].startswith(("INSERT", "UPDATE"))]
        assert not [sql for sql in wrote if token[:200] in sql]
        assert not wrote

    def test_says_no_name_and_no_party(self, client):
        token = receipt(logged_bid(3))
        page = self.check(client, token).content.decode().replace(token, "")
        assert "party-3" not in page
        assert json.dumps("bid-3") not in page


class TestEveryAddress:
    def test_is_public_by_name(self):
        assert {pattern.callback.hp_guard for pattern in urlpatterns} == {"public"}

    def test_has_the_name_others_link_to(self):
        names = ["log", "checkpoint", "key", "proof", "verify"]
        addresses = ["/log", "/log/checkpoint", "/log/key", "/log/proof", "/verify"]
        assert [reverse(f"audit:{name}") for name in names] == addresses
