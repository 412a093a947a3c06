"""A bidder's pages ten minutes before the deadline: plain, whole, one thing to do on each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bank_escrow.models import Paper
from tests import people, worlds
from tests.browser import kit
from tests.browser.bidding import (
    SECURITY,
    _own_folders,
    bank,
    built,
    signed_in,
    world,
)
from trading.models import Bid, Enquiry

__all__ = ["_own_folders", "bank", "built", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LATE = worlds.DEADLINE - timedelta(minutes=10)
PDF = {"name": "保函.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 letter %%EOF"}


@pytest.fixture
def party(world):
    return worlds.joined(world, people.sun())


@pytest.fixture
def sun(built, context, page, live_server, clock, world, party):
    clock.set(LATE)
    signed_in(context, live_server.url, people.sun())
    return f"{live_server.url}/bids/{world.lot.pk}"


def looked_at(page, name):
    """Hold a page to the rules every page keeps; keep its picture, on the desk and on a phone."""
    kit.assert_accessible(page)
    kit.assert_fits(page)
    assert page.locator("main .btn-primary:visible").count() <= 1, name
    kit.shoot(page, f"bidder-{name}")
    page.set_viewport_size({"width": 360, "height": 780})
    kit.assert_fits(page)
    kit.shoot(page, f"bidder-{name}-phone")
    page.set_viewport_size(kit.DESKTOP)


def in_english(page, name):
    """The same page for an English reader; the switch stays where it is."""
    page.click("button[name=language]")
    page.wait_for_selector("html[lang=en]")
    kit.assert_accessible(page)
    kit.assert_fits(page)
    kit.shoot(page, f"bidder-{name}-en")
    page.click("button[name=language]")
    page.wait_for_selector("html[lang=zh-Hans]")


class TestTheDepositPage:
    def test_tells_everything_missing_of_a_guarantee_at_once_and_then_takes_it(
        self, sun, page, faults
    ):
        faults.expect("422")
        page.goto(f"{sun}/deposit")
        looked_at(page, "deposit")
        in_english(page, "deposit")
        page.click("#guarantee > summary")
        page.fill("#letter_number", "BH-2026-0001")
        page.click("#guarantee button[type=submit]")
        summary = page.wait_for_selector(".error-summary").inner_text()
        for field in ("开立单位", "担保金额", "有效期至", "保函文件"):
            assert field in summary
        assert page.input_value("#letter_number") == "BH-2026-0001"
        looked_at(page, "guarantee-wrong")
        page.fill("#letter_issuer", "苏州姑苏银行平江支行")
        page.fill("#letter_amount_yuan", f"{SECURITY // 100}")
        page.fill("#letter_valid_to", "2027-12-31")
        page.set_input_files("#letter_file", PDF)
        page.click("#guarantee button[type=submit]")
        page.wait_for_selector("text=已提交保函")
        assert Paper.objects.get().state == "HELD"
        looked_at(page, "guarantee")

    def test_takes_a_waiver_and_gives_it_back(self, sun, page):
        page.goto(f"{sun}/deposit")
        page.click("#waiver > summary")
        page.fill("#claim_clause", "投标人须知 3.4.1")
        page.click("#waiver button[type=submit]")
        page.wait_for_selector("text=投标人须知 3.4.1")
        looked_at(page, "waiver")
        page.click("text=撤回，改为转账")
        page.wait_for_selector("text=取得缴款账号")


class TestTheQuestionsPage:
    def test_takes_a_question_and_shows_it(self, sun, page):
        page.goto(sun)
        page.click("main >> text=提问与答疑 >> nth=0")
        page.fill("textarea[name=text]", "管线迁改是否包含在报价内？")
        page.click("text=送出提问")
        page.wait_for_selector("text=我的提问")
        assert Enquiry.objects.count() == 1
        looked_at(page, "questions")
        in_english(page, "questions")


class TestTheReceiptPage:
    def test_turns_the_promise_into_a_proof_before_the_reader_s_eyes(
        self, sun, page, live_server, world, party
    ):
        worlds.submitted(world, people.sun(), price_fen=3_500_000_000, at=LATE)
        bid = Bid.objects.get(party=party)
        page.goto(f"{live_server.url}/receipts/{bid.receipt_id}")
        page.wait_for_selector("text=正在写入透明日志")
        looked_at(page, "receipt-promise")
        worlds.log_ticks(now=LATE + timedelta(minutes=1))
        page.wait_for_selector("text=已写入公开的透明日志")
        page.click("text=技术细节")
        looked_at(page, "receipt-proof")
        in_english(page, "receipt-proof")


class TestEveryOtherPage:
    @pytest.mark.parametrize("stage", ["joined", "delivered"])
    def test_fits_reads_well_and_asks_for_one_thing(
        self, sun, page, live_server, world, party, stage
    ):
        names = ("", "/docs", "/deposit", "/key", "/build", "/submit", "/withdraw", "/result")
        if stage == "delivered":
            worlds.submitted(world, people.sun(), price_fen=3_500_000_000, at=LATE)
            names = ("", "/submit", "/withdraw", "/result")
        for name in names:
            page.goto(f"{sun}{name}")
            looked_at(page, f"{stage}-{name.strip('/') or 'overview'}")
        page.goto(f"{live_server.url}/bids")
        looked_at(page, f"{stage}-mine")
        in_english(page, f"{stage}-mine")
