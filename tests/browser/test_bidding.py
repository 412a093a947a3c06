"""A bidder's whole way in a real browser, against the real server: from notice to receipt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bank_escrow.services import due
from sealing import keys as opening_keys
from sealing.encoding import b64u
from tests import people, worlds
from tests.browser import kit
from tests.browser.bidding import (
    BEFORE,
    FILE,
    MANAGER,
    PRICE_FEN,
    PRICE_WORDS,
    SECURITY,
    WORDS,
    _own_folders,
    bank,
    bidder,
    built,
    certificate,
    pdf,
    signed_in,
    world,
)
from trading.models import Bid, Lot
from trading.services.opening import opening_forms

__all__ = ["_own_folders", "bank", "bidder", "built", "certificate", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

D = worlds.DEADLINE
CONTENT = pdf(5_000_000, mark=b"the very plan")


class Clicks:
    """Counts the presses a person makes."""

    def __init__(self, page):
        self.page = page
        self.count = 0

    def __call__(self, selector):
        self.count += 1
        self.page.click(selector)


def looked_at(page, name):
    """Hold a page to the rules every page keeps, and keep its picture."""
    kit.assert_accessible(page)
    kit.assert_fits(page)
    kit.shoot(page, name)


def on_the_phone(page, name):
    """The same at the narrowest width, then back."""
    page.set_viewport_size({"width": 360, "height": 780})
    kit.assert_fits(page)
    kit.shoot(page, f"{name}-phone")
    page.set_viewport_size(kit.DESKTOP)


class TestABidder:
    def test_comes_from_the_notice_to_the_receipt_and_the_bid_opens(
        self, bidder, page, live_server, world, bank
    ):
        click = Clicks(page)
        page.goto(f"{live_server.url}/notices/{world.tender.pk}")
        click("#join button[type=submit]")
        page.wait_for_url("**/bids/*")
        assert click.count <= 6  # G1
        looked_at(page, "bid-overview")
        on_the_phone(page, "bid-overview")

        click(".action-bar .btn-primary >> text=下载招标文件")
        page.wait_for_url("**/docs")
        looked_at(page, "bid-documents")
        with page.expect_download() as download:
            page.click("ul.tasks a[download]")
        assert download.value.path().read_bytes().startswith(b"%PDF")
        page.reload()
        assert page.locator("text=您还没有下载").count() == 0

        page.goto(bidder.base)
        click(".action-bar .btn-primary >> text=缴纳保证金")
        page.wait_for_url("**/deposit")
        click("text=取得缴款账号")
        page.wait_for_selector("text=等待到账")
        looked_at(page, "bid-deposit")
        on_the_phone(page, "bid-deposit")
        self.pay(page, bank)
        page.wait_for_selector(".steps li.is-done >> text=已匹配本标段")

        self.delivers(bidder, page, click)
        page.goto(f"{live_server.url}/bids")
        page.wait_for_selector("text=已递交")
        looked_at(page, "my-bids")
        self.opens(world, Bid.objects.get(), bidder.key_file["buffer"])

    @staticmethod
    def delivers(bidder, page, click):
        """From the key to the receipt."""
        page.goto(bidder.base)
        click(".action-bar .btn-primary >> text=生成开标密钥")
        page.wait_for_url("**/key")
        looked_at(page, "bid-key")
        bidder.make_key()
        page.click("[data-part=next] a")
        bidder.fill(CONTENT)
        assert PRICE_WORDS in page.inner_text("[data-part=form]")
        looked_at(page, "bid-build")
        on_the_phone(page, "bid-build")

        draft = Clicks(page)
        draft("[data-part=go]")
        page.wait_for_selector("[data-part=start]")
        looked_at(page, "bid-submit")
        bidder.load_certificate()
        draft("[data-part=start]")
        page.wait_for_selector("[data-hp=seal][data-state=delivered]")
        kit.shoot(page, "bid-delivered")
        draft("[data-part=status] a.btn-primary")
        page.wait_for_url("**/receipts/*")
        assert draft.count <= 5  # G2
        looked_at(page, "receipt")
        on_the_phone(page, "receipt")
        bid = Bid.objects.get()
        page.click("text=技术细节：指纹")
        assert bid.ct_root in page.inner_text("main")
        assert bid.received_at == BEFORE

    @staticmethod
    def pay(page, bank):
        number = page.locator(".facts .copyable .mono").first.inner_text()
        firm = people.organisation_of(people.sun())
        bank.transfer(number, SECURITY, name=firm.name, from_account=firm.basic_account)
        due.tick(bank.now)

    @staticmethod
    def opens(world, bid, key_file):
        """The bid holds what was typed: released, decrypted, read out."""
        key = opening_keys.unwrap(key_file, passphrase=WORDS)
        world.bidders[bid.party_id] = key
        for other in (people.li, people.zhou):
            worlds.submitted(world, other(), price_fen=3_500_000_000, at=BEFORE)
        worlds.closed(world)
        worlds.to_stage(world, "DECRYPT_BIDDER")
        for party in {b.party for b in world.lot.bids.filter(state="SEALED")}:
            assert worlds.release_own(world, party)
        worlds.step(world)
        worlds.release_host(world)
        bid.refresh_from_db()
        line = bid.line
        assert (line.price_fen, line.duration_days, line.manager) == (PRICE_FEN, 336, MANAGER)
        opening_forms.open_packages(lot_id=world.lot.pk, now=D + timedelta(hours=1))
        (file,) = bid.files.all()
        assert (file.name, file.size) == (FILE, len(CONTENT))

    def test_takes_a_broken_off_delivery_up_again_in_a_new_tab(
        self, bidder, page, context, faults, world
    ):
        faults.expect("ERR_|Failed to load resource")
        worlds.joined(world, people.sun())
        bidder.prepare(pdf(7_000_000))
        bidder.load_certificate()
        sent = []

        def second_piece_never_arrives(route):
            sent.append(route.request.method)
            if sent.count("PATCH") > 1:
                route.abort()
            else:
                route.continue_()

        context.route("**/uploads/*", second_piece_never_arrives)
        page.click("[data-part=start]")
        page.wait_for_selector("text=网络中断")
        kit.shoot(page, "bid-broken-off")
        page.close()
        context.unroute("**/uploads/*")
        again = context.new_page()
        begun = world.lot.bids.count()
        assert begun == 0
        again.goto(f"{bidder.base}/submit")
        again.wait_for_selector("text=继续递交")
        bidder.page = again
        bidder.deliver()
        assert Bid.objects.get().state == "SEALED"
        assert Bid.objects.get().party.uploads.count() == 1

    def test_is_sent_to_the_form_while_there_is_nothing_to_deliver(self, bidder, page, world):
        worlds.joined(world, people.sun())
        page.goto(f"{bidder.base}/submit")
        page.wait_for_selector("text=这台电脑上还没有本标段的投标文件")
        assert page.locator("[data-part=start]").is_hidden()
        looked_at(page, "bid-nothing-yet")
        page.click("text=去编制投标文件")
        page.wait_for_url(f"{bidder.base}/build")

    def test_seals_anew_when_the_documents_changed_meanwhile(
        self, bidder, page, context, faults, world, clock
    ):
        faults.expect("ERR_|Failed to load resource")
        worlds.joined(world, people.sun())
        bidder.prepare(pdf())
        bidder.load_certificate()
        context.route("**/uploads/*", lambda route: route.abort())
        page.click("[data-part=start]")
        page.wait_for_selector("text=网络中断")
        context.unroute("**/uploads/*")
        world.tender.document_sets.create(version=2, issued_at=clock.now())
        page.goto(f"{bidder.base}/submit")
        bidder.deliver()
        assert Bid.objects.get().doc_version == 2

    def test_is_told_of_an_addendum_on_a_page_left_open_and_may_go_on(
        self, bidder, page, world, clock
    ):
        worlds.joined(world, people.sun())
        bidder.prepare(pdf())
        bidder.load_certificate()
        world.tender.document_sets.create(version=2, issued_at=clock.now())
        page.click("[data-part=start]")
        page.wait_for_selector("text=招标文件已更新到第 2 版")
        looked_at(page, "bid-newer-documents")
        assert Bid.objects.count() == 0
        page.click("[data-part=start]")
        page.wait_for_selector("[data-hp=seal][data-state=delivered]")
        assert Bid.objects.get().doc_version == 1

    def test_withdraws_and_delivers_again(self, bidder, page, world):
        worlds.joined(world, people.sun())
        bidder.prepare(pdf())
        bidder.deliver()
        page.goto(f"{bidder.base}/withdraw")
        looked_at(page, "bid-withdraw")
        bidder.load_certificate()
        page.click("[data-sign=withdraw] button[type=submit]")
        page.wait_for_selector("text=已撤回；截止前可以重新递交")
        assert Bid.objects.get().state == "WITHDRAWN"
        page.goto(f"{bidder.base}/submit")
        bidder.deliver()
        assert sorted(Bid.objects.values_list("state", flat=True)) == ["SEALED", "WITHDRAWN"]

    def test_is_told_on_the_page_when_the_hour_has_come(self, bidder, page, faults, world, clock):
        faults.expect("409|410")
        worlds.joined(world, people.sun())
        bidder.prepare(pdf())
        bidder.load_certificate()
        clock.set(D)
        page.click("[data-part=start]")
        page.wait_for_selector("text=投标截止时间已过")
        assert Bid.objects.count() == 0
        page.goto(f"{bidder.base}/build")
        page.wait_for_selector("text=投标已截止，现在不能办理")

    def test_does_not_seal_to_a_host_key_that_was_put_in_its_place(self, bidder, page, world):
        """The key first seen stays pinned on this machine, whatever the server says later."""
        worlds.joined(world, people.sun())
        bidder.prepare(pdf())
        bidder.deliver()
        stranger = opening_keys.generate()
        host = world.tender.host_key
        host.kid, host.public_key = stranger.kid, b64u(stranger.public)
        host.save()
        page.goto(f"{bidder.base}/submit")
        page.click("[data-part=start]")
        page.wait_for_selector("text=招标人公钥与公告不一致")
        assert Lot.objects.get(pk=world.lot.pk).bids.count() == 1

    def test_reads_english_where_it_is_there_and_keeps_its_layout(self, bidder, page, world):
        worlds.joined(world, people.sun())
        page.goto(bidder.base)
        page.click("button[name=language]")
        for name in ("", "/docs", "/deposit", "/build"):
            page.goto(f"{bidder.base}{name}")
            kit.assert_accessible(page)
            kit.assert_fits(page)


class TestTheRehearsal:
    def test_passes_on_a_machine_that_can_bid_and_keeps_nothing(
        self, built, page, live_server, world, tmp_path
    ):
        page.goto(f"{live_server.url}/check")
        page.click("[data-part=start]")
        page.wait_for_selector("[data-hp=rehearsal][data-state=passed]")
        assert "指纹一致" in page.inner_text("[data-part=upload]")
        looked_at(page, "rehearsal")
        assert not list((tmp_path / "sealed").rglob("*"))

    def test_says_which_part_failed(self, built, page, faults, live_server, world):
        faults.expect("500")
        page.route("**/check/echo", lambda route: route.fulfill(status=500, body="{}"))
        page.goto(f"{live_server.url}/check")
        page.click("[data-part=start]")
        page.wait_for_selector("[data-hp=rehearsal][data-state=failed]")
        assert "没有通过" in page.inner_text("[data-part=upload]")
        assert "已加密" in page.inner_text("[data-part=seal]")


class TestWithoutScripts:
    def test_says_what_needs_them_and_shows_the_rest(self, built, chromium, live_server, world):
        worlds.joined(world, people.sun())
        plain = chromium.new_context(java_script_enabled=False, locale="zh-CN")
        try:
            signed_in(plain, live_server.url, people.sun())
            page = plain.new_page()
            base = f"{live_server.url}/bids/{world.lot.pk}"
            for name, words in (
                ("", "办理事项"),
                ("/docs", "招标文件"),
                ("/deposit", "取得缴款账号"),
                ("/build", "需要在浏览器中启用脚本"),
                ("/submit", "需要在浏览器中启用脚本"),
            ):
                page.goto(base + name)
                assert words in page.inner_text("main"), name
        finally:
            plain.close()


def test_session_cookie_is_the_only_way_in(live_server, world):
    """Without it every page of a lot sends to the sign-in."""
    for name in ("", "/build", "/submit", "/deposit"):
        answer = Client().get(f"/bids/{world.lot.pk}{name}")
        assert (answer.status_code, answer.url.startswith("/login")) == (302, True)
