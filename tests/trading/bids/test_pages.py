"""A bidder's pages: whole for the firm itself, closed to every other."""

from __future__ import annotations

import base64
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from bank_escrow.models import Bank, Deposit
from bank_escrow.services import banks
from bank_escrow.services.accounts import fill_pool
from tests import people, worlds
from tests.accounts.authority import Authority, bound
from tests.trading.bids.test_submission import withdrawn
from trading.models import Bid, Lot
from trading.services import securities

pytestmark = pytest.mark.django_db

D = worlds.DEADLINE
BEFORE = D - timedelta(hours=2)
PAGES = (
    "bid",
    "bid-documents",
    "bid-deposit",
    "bid-key",
    "bid-build",
    "bid-submit",
    "bid-withdraw",
    "result",
)


@pytest.fixture
def world(clock, bank):
    clock.set(BEFORE)
    banks.connected(bank.now)
    fill_pool(Bank.objects.get(), now=bank.now)
    return worlds.published(security_fen=20_000_000)


@pytest.fixture
def sun(client):
    return people.sign_in(client, people.sun())


@pytest.fixture
def li():
    return people.sign_in(Client(), people.li())


def taken(client, file):
    """Download a file of the documents, whole."""
    answer = client.get(reverse("trading:document", kwargs={"document": file.pk}))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def url(name, world):
    return reverse(f"trading:{name}", kwargs={"lot": world.lot.pk})


def text(response):
    assert response.status_code == 200, response.content[:400]
    return response.content.decode()


class TestMyBids:
    def test_say_where_to_begin_when_there_are_none(self, sun):
        page = text(sun.get("/bids"))
        assert "还没有参加任何标段" in page
        assert 'href="/notices"' in page

    def test_show_the_next_step_and_only_the_firm_s_own_lots(self, world, sun, li):
        worlds.joined(world, people.sun())
        assert "下载招标文件" in text(sun.get("/bids"))
        assert "还没有参加任何标段" in text(li.get("/bids"))

    def test_leave_out_what_is_long_past_until_asked(self, world, sun):
        worlds.joined(world, people.sun())
        Lot.objects.update(deadline_at=BEFORE - timedelta(days=400))
        assert world.lot.title not in text(sun.get("/bids"))
        assert world.lot.title in text(sun.get("/bids?all=1"))


class TestALotsPages:
    @pytest.mark.parametrize("stage", ["joined", "delivered", "withdrawn", "closed"])
    def test_stand_at_every_stage(self, world, sun, clock, stage):
        if stage == "joined":
            worlds.joined(world, people.sun())
        else:
            party = worlds.submitted(world, people.sun(), price_fen=950_000_000, at=BEFORE)
            if stage == "withdrawn":
                withdrawn(party, now=BEFORE)
            if stage == "closed":
                clock.set(D + timedelta(minutes=1))
                worlds.closed(world)
        for name in PAGES:
            text(sun.get(url(name, world)))

    @pytest.mark.parametrize("name", [*PAGES, "bid-data", "bid-deposit-data", "bid-sealed"])
    def test_are_closed_to_a_firm_that_has_not_joined(self, world, sun, li, name):
        worlds.submitted(world, people.sun(), price_fen=950_000_000, at=BEFORE)
        assert sun.get(url(name, world)).status_code == 200
        answer = li.get(url(name, world))
        assert answer.status_code == 409
        assert "请先参加本标段" in answer.content.decode()

    def test_are_closed_to_the_tenderer(self, world, client):
        people.sign_in(client, people.zhao())
        for name in PAGES:
            assert client.get(url(name, world)).status_code == 403

    def test_lead_from_documents_over_deposit_and_key_to_the_hall(self, world, sun):
        party = worlds.joined(world, people.sun())
        assert "下载招标文件" in text(sun.get(url("bid", world)))
        file = world.tender.document_sets.get().documents.get()
        taken(sun, file)
        assert "缴纳保证金" in text(sun.get(url("bid", world)))
        securities.issue(party=party, now=BEFORE)
        assert "生成开标密钥" in text(sun.get(url("bid", world)))
        worlds.submitted(world, people.sun(), price_fen=950_000_000, at=BEFORE)
        assert "缴纳保证金" in text(sun.get(url("bid", world)))

    def test_say_that_the_security_has_not_come_though_the_bid_is_in(self, world, sun, li):
        party = worlds.submitted(world, people.sun(), price_fen=950_000_000, at=BEFORE)
        for name in ("bid", "bid-submit"):
            assert "保证金还没有到账，截止 2026-11-23 14:00:00" in text(sun.get(url(name, world)))
        taken(sun, world.tender.document_sets.get().documents.get())
        desk = text(sun.get("/my"))
        assert f"缴纳保证金：{world.tender.title}" in desk
        assert url("bid-deposit", world) in desk
        assert world.tender.title not in text(li.get("/my"))
        securities.issue(party=party, now=BEFORE)
        Deposit.objects.filter(party=party.pk).update(state="MATCHED")
        assert "保证金还没有到账" not in text(sun.get(url("bid", world)))
        assert "现在没有要办的事" in text(sun.get("/my"))

    def test_warn_of_a_certificate_that_ends_before_the_opening(self, world, sun):
        person = people.sun()
        worlds.joined(world, person)
        authority = Authority()

        def held(days):
            holder = authority.issue("孙立", not_before=BEFORE - timedelta(days=1), days=days)
            return bound(holder, person, now=BEFORE)

        held(1)
        page = text(sun.get(url("bid-submit", world)))
        assert "到期，开标时不能签名" in page
        assert reverse("accounts:certificates") in page
        held(30)
        assert "到期，开标时不能签名" not in text(sun.get(url("bid-submit", world)))

    def test_call_the_bidder_to_decrypt_while_it_may_and_nobody_else(self, world, sun, li, clock):
        party = worlds.submitted(world, people.sun(), price_fen=950_000_000, at=BEFORE)
        for other in (people.li(), people.zhou()):
            worlds.submitted(world, other, price_fen=940_000_000, at=BEFORE)
        worlds.closed(world)
        clock.set(worlds.DEADLINE + timedelta(minutes=2))
        assert f"正在开标：{world.tender.title}" in text(sun.get("/my"))
        worlds.to_stage(world, "DECRYPT_BIDDER")
        desk = text(sun.get("/my"))
        assert f"解密投标文件：{world.tender.title}" in desk
        assert f"/hall/{world.lot.pk}" in desk
        worlds.release_own(world, party)
        assert "解密投标文件" not in text(sun.get("/my"))
        assert f"正在开标：{world.tender.title}" in text(sun.get("/my"))
        clock.set(worlds.DEADLINE + timedelta(days=3))
        again = people.sign_in(Client(), people.sun())
        assert "现在没有要办的事" in text(again.get("/my"))

    def test_tick_nothing_that_only_the_bidder_s_machine_knows(self, world, sun):
        worlds.joined(world, people.sun())
        page = text(sun.get(url("bid-submit", world)))
        for step in ("key", "build"):
            assert f'<li data-step="{step}"' in page

    def test_name_all_that_is_missing_shortly_before_the_deadline(self, world, sun, clock):
        worlds.joined(world, people.sun())
        clock.set(D - timedelta(minutes=10))
        page = text(sun.get(url("bid", world)))
        panel = page[page.index("截止前还要完成") :]
        panel = panel[: panel.index("</div>")]
        for what in ("招标文件", "保证金", "开标密钥", "编制", "加密递交"):
            assert what in panel

    def test_do_not_send_to_the_hall_of_a_suspended_lot(self, world, sun):
        worlds.submitted(world, people.sun(), price_fen=950_000_000, at=BEFORE)
        Lot.objects.update(state="SUSPENDED")
        assert "已暂停，等通知" in text(sun.get("/bids"))
        assert "进入开标大厅" not in text(sun.get("/bids")) + text(sun.get(url("bid", world)))

    def test_say_that_a_new_draft_leaves_the_delivered_bid_alone(self, world, sun):
        worlds.joined(world, people.sun())
        words = "已递交的投标文件仍然有效"
        assert words not in text(sun.get(url("bid-build", world)))
        worlds.submitted(world, people.sun(), price_fen=950_000_000, at=BEFORE)
        assert words in text(sun.get(url("bid-build", world)))

    def test_lead_on_from_the_documents_once_they_are_taken(self, world, sun):
        worlds.joined(world, people.sun())
        assert "下一步：" not in text(sun.get(url("bid-documents", world)))
        taken(sun, world.tender.document_sets.get().documents.get())
        assert "下一步：缴纳保证金" in text(sun.get(url("bid-documents", world)))

    def test_say_which_version_was_not_downloaded(self, world, sun, li):
        worlds.joined(world, people.sun())
        worlds.joined(world, people.li())
        file = world.tender.document_sets.get().documents.get()
        taken(li, file)
        assert "您还没有下载" in text(sun.get(url("bid-documents", world)))
        assert "您还没有下载" not in text(li.get(url("bid-documents", world)))

    def test_draw_no_price_field_that_could_be_posted(self, world, sun):
        worlds.joined(world, people.sun())
        page = text(sun.get(url("bid-build", world)))
        form = page[page.index('data-part="form"') :]
        assert "method=" not in form[: form.index(">")]
        assert 'data-ceiling-fen="1000000000"' in page


class TestTheDepositPage:
    def test_gives_an_account_once_and_shows_it_with_amount_in_words(self, world, sun):
        worlds.joined(world, people.sun())
        data = {"form": "transfer", "command_id": str(uuid4())}
        answer = sun.post(url("bid-deposit", world), data)
        assert (answer.status_code, answer["Location"]) == (303, url("bid-deposit", world))
        page = text(sun.get(answer["Location"]))
        facts = sun.get(url("bid-deposit-data", world)).json()["deposit"]
        assert facts["account"] in page
        assert "贰拾万元整" in page
        assert "data:image/svg+xml" in page
        again = sun.post(url("bid-deposit", world), data, HTTP_ACCEPT="application/json").json()
        assert again["account"] == facts["account"]
        assert facts["amount_fen"] == 20_000_000

    def test_says_so_when_nothing_is_asked_for(self, clock, sun, db):
        clock.set(BEFORE)
        world = worlds.published()
        worlds.joined(world, people.sun())
        assert "不要求保证金" in text(sun.get(url("bid-deposit", world)))

    def test_draws_its_live_line_alone(self, world, sun):
        party = worlds.joined(world, people.sun())
        securities.issue(party=party, now=BEFORE)
        line = text(sun.get(url("bid-deposit-state", world)))
        assert "等待到账" in line
        assert "<html" not in line


class TestAReceipt:
    @pytest.fixture
    def bid(self, world):
        party = worlds.submitted(world, people.sun(), price_fen=950_000_000, at=BEFORE)
        return Bid.objects.get(party=party)

    def test_shows_second_fingerprints_and_the_way_back(self, world, sun, bid):
        page = text(sun.get(f"/receipts/{bid.receipt_id}"))
        assert "2026-11-23 12:00:00" in page
        for value in (bid.ct_root, bid.ct_sha256, bid.ct_sm3, bid.header_sha256):
            assert value in page
        assert "撤回并修改" in page

    def test_offers_no_withdrawal_after_the_deadline(self, world, sun, bid, clock):
        clock.set(D)
        assert "撤回并修改" not in text(sun.get(f"/receipts/{bid.receipt_id}"))

    def test_comes_as_a_paper_that_holds_the_signed_original(self, sun, bid):
        answer = sun.get(f"/receipts/{bid.receipt_id}.pdf")
        assert answer["Content-Type"] == "application/pdf"
        words = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
        bare = "".join(words.split())
        assert bid.receipt in bare
        assert bid.ct_root in bare
        assert "2026-11-2312:00:00" in bare
        assert sun.get(f"/receipts/{bid.receipt_id}.jws").content.decode() == bid.receipt

    def test_is_recognised_on_the_verification_page(self, client, bid):
        page = text(client.post("/verify", {"receipt": bid.receipt}))
        assert "真实" in page

    @pytest.mark.parametrize("ending", ["", ".pdf", ".jws"])
    def test_does_not_exist_for_anybody_else(self, world, li, bid, ending, client):
        worlds.joined(world, people.li())
        assert li.get(f"/receipts/{bid.receipt_id}{ending}").status_code == 404
        assert client.get(f"/receipts/{bid.receipt_id}{ending}").status_code == 302


class TestTheUploadDoor:
    def test_takes_pieces_tells_its_offset_and_closes_at_the_deadline(self, world, sun, clock):
        worlds.joined(world, people.sun())
        where = begun(sun, world, length=6)
        assert patch(sun, where, 0, b"abc").status_code == 204
        assert patch(sun, where, 0, b"abc").status_code == 409
        head = sun.head(where)
        assert (head["Upload-Offset"], head["Upload-Length"]) == ("3", "6")
        clock.set(D)
        late = patch(sun, where, 3, b"def")
        assert (late.status_code, late["Hengping-Refusal"]) == (410, "B-032")
        assert sun.head(where)["Upload-Offset"] == "3"
        assert opened(sun, world, length=6).status_code == 410

    def test_does_not_exist_for_a_stranger(self, world, sun, li):
        worlds.joined(world, people.sun())
        worlds.joined(world, people.li())
        where = begun(sun, world, length=6)
        assert li.head(where).status_code == 404
        assert patch(li, where, 0, b"abc").status_code == 404
        assert li.delete(where).status_code == 404
        assert sun.delete(where).status_code == 204
        assert sun.head(where).status_code == 404

    def test_asks_to_join_first(self, world, li):
        assert opened(li, world, length=6).status_code == 409


def opened(client, world, *, length):
    lot = base64.b64encode(str(world.lot.pk).encode()).decode()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(length)}
    return client.post("/uploads", headers={**headers, "Upload-Metadata": f"lot {lot}"})


def begun(client, world, *, length):
    answer = opened(client, world, length=length)
    assert answer.status_code == 201
    return answer["Location"]


def patch(client, where, offset, piece):
    return client.patch(
        where,
        piece,
        content_type="application/offset+octet-stream",
        headers={"Upload-Offset": str(offset)},
    )
