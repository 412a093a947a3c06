"""From the opened bids to the refunds in a real browser: the tender side, the public, finance."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from playwright.sync_api import expect

from bank_escrow.models import Bank, Instruction
from bank_escrow.services import banks, due
from bank_escrow.services.accounts import fill_pool
from tests import people, worlds
from tests.bank_escrow.conftest import bank
from tests.books import assert_sound
from tests.browser.bidding import pdf
from tests.browser.clerk import _own_folders, authority, built, clerk, looked_at
from tests.evaluation import rooms
from tests.realtime import crowd
from trading.models import Award, Bid, Contract, Lot
from trading.services import reporting, securities
from trading.services.opening import ending

__all__ = ["_own_folders", "authority", "bank", "built", "clerk"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECURITY = 20_000_000
OPENED = worlds.DEADLINE + timedelta(hours=1)
FAILING = crowd.NAMES[0]  # the last bidder to come, and never the one that wins
REASON = "放弃中标函编号 2026-11"


@pytest.fixture
def paid(monkeypatch, clock, bank, _own_folders):
    """A lot of track T opened, its three bidders having paid."""
    clock.set(worlds.DEADLINE - timedelta(hours=3))
    bank.now = clock.now()
    banks.connected(bank.now)
    fill_pool(Bank.objects.get(), now=bank.now)
    submitted = worlds.submitted

    def after_paying(world, bidder, **facts):
        party = worlds.joined(world, bidder)
        account = securities.issue(party=party, now=bank.now)
        firm = people.organisation_of(bidder)
        bank.transfer(account.number, SECURITY, name=firm.name, from_account=firm.basic_account)
        bank.now += timedelta(minutes=1)  # the bank is asked every quarter of a minute
        due.tick(bank.now)
        return submitted(world, bidder, **facts)

    monkeypatch.setattr(worlds, "submitted", after_paying)
    world = rooms.opened(security_fen=SECURITY)
    bank.now = OPENED
    clock.set(OPENED)
    return world


@pytest.fixture
def goods(clock, _own_folders, db):
    """A lot of track G opened with four bidders."""
    clock.set(OPENED)
    return rooms.opened(
        track="G",
        bidders=(*rooms.BIDDERS, lambda: crowd.bidder(0)),
        prices=(*rooms.PRICES, 960_000_000),
    )


def reported(world, *, now):
    """The panel has ranked the bids by price."""
    bids = Bid.objects.filter(lot=world.lot, state="OPENED").order_by("line__price_fen")
    ranking = [
        reporting.Standing(bid=bid.pk, rank=rank, total=Decimal(100 - rank))
        for rank, bid in enumerate(bids, start=1)
    ]
    with transaction.atomic():
        reporting.receive_report(
            lot=world.lot,
            ranking=ranking,
            rejections={},
            report_sha256="0" * 64,
            actor="tests",
            now=now,
        )


def course_of(world):
    return f"/tenders/{world.tender.pk}/lots/{world.lot.pk}/course"


class TestAWorksLot:
    def test_is_awarded_and_its_deposits_go_back(self, clerk, paid, bank, clock):
        tenderer = clerk(people.zhao())
        tenderer.faults.expect("status of 4")
        page = tenderer.go(course_of(paid))
        looked_at(page, "course-opened")
        tenderer.press("移交评标")
        tenderer.told("已移交评标")
        expect(page.get_by_role("heading", name="评标委员会正在评审")).to_be_visible()
        looked_at(page, "course-evaluation")
        reported(paid, now=OPENED)
        self.candidates(clerk, tenderer, paid)
        self.winner(tenderer, paid, clock)
        self.told(clerk, tenderer, paid)
        self.contract(clerk, tenderer, paid, clock)
        self.refunds(clerk, paid, bank, clock)

    @staticmethod
    def candidates(clerk, tenderer, world):
        page = tenderer.go(course_of(world))
        tenderer.sign("trading:candidates", "签名并公示")
        tenderer.told("中标候选人已公示")
        looked_at(page, "course-candidates")
        public = clerk(None, java_script_enabled=False)
        seen = public.go(f"/awards/{world.lot.pk}")
        expect(seen.locator("main")).to_contain_text("公示期至 2026-11-27 00:00:00")
        expect(seen.locator("tbody tr")).to_have_count(3)
        page.goto(seen.url)
        looked_at(page, "public-candidates")

    @staticmethod
    def winner(tenderer, world, clock):
        page = tenderer.go(course_of(world))
        tenderer.sign("trading:award", "签名并确定")
        tenderer.refused("还不能确定中标人")
        clock.set(world.lot.notices.get(kind="candidates").ends_at)
        tenderer.back(course_of(world))
        page.get_by_label("2 · 苏州园方市政有限公司").check()
        tenderer.sign("trading:award", "签名并确定")
        tenderer.refused("选择第 2 名须有法定理由")
        expect(page.get_by_label("2 · 苏州园方市政有限公司")).to_be_checked()
        looked_at(page, "course-award-refused")
        page.get_by_label("法定理由").select_option(label="排名第一的中标候选人放弃中标")
        page.get_by_label("事实与证据").fill(REASON)
        tenderer.sign("trading:award", "签名并确定")
        tenderer.told("中标人已确定")
        assert Award.objects.get().reason == f"排名第一的中标候选人放弃中标：{REASON}"
        looked_at(page, "course-awarded")

    @staticmethod
    def told(clerk, tenderer, world):
        tenderer.sign("trading:notify", "签名并通知")
        tenderer.told("中标结果已通知")
        looked_at(tenderer.page, "course-notified")
        for bidder, words in ((people.li(), "中标通知"), (people.zhou(), "招标结果通知")):
            page = clerk(bidder).go("/my/messages")
            expect(page.locator("main")).to_contain_text(words)
        public = clerk(None, java_script_enabled=False)
        seen = public.go(f"/awards/{world.lot.pk}")
        expect(seen.locator("main")).to_contain_text("苏州园方市政有限公司")
        expect(seen.locator("main")).to_contain_text(REASON)
        with seen.expect_download() as download:
            seen.get_by_role("link", name="PDF").click()
        assert download.value.path().read_bytes().startswith(b"%PDF")
        tenderer.go(f"/awards/{world.lot.pk}")
        looked_at(tenderer.page, "public-award")

    @staticmethod
    def contract(clerk, tenderer, world, clock):
        clock.advance(days=3)
        page = tenderer.back(course_of(world))
        file = {"name": "施工合同.pdf", "mimeType": "application/pdf", "buffer": pdf()}
        page.fill("#id_signed_on", "2026-11-26")
        page.set_input_files("#id_file", file)
        tenderer.sign("trading:contract", "签名并登记")
        tenderer.refused("早于中标通知书或晚于今天")
        page.fill("#id_signed_on", "2026-11-30")
        page.set_input_files("#id_file", file)
        tenderer.sign("trading:contract", "签名并登记")
        tenderer.told("合同已登记")
        assert Contract.objects.get().award.lot_id == world.lot.pk
        looked_at(page, "course-contract")
        public = clerk(None, java_script_enabled=False)
        expect(public.go("/contracts").locator("tbody")).to_contain_text("2026-11-30")

    @staticmethod
    def refunds(clerk, world, bank, clock):
        bank.now = clock.now()
        first, second = clerk(people.chen()), clerk(people.he())
        page = first.go("/finance")
        expect(page.get_by_role("region", name="保证金").locator("tbody tr")).to_have_count(3)
        looked_at(page, "finance-monitor")
        page.get_by_role("link", name="办理退款").click()
        looked_at(page, "finance-refunds")
        first.sign("bank_escrow:submit", "提交复核")
        first.told("已签名 3 笔")
        # Whoever put them forward gets no button to approve them.
        expect(page.get_by_role("button", name="批准付款")).to_have_count(0)
        expect(page.locator("main")).to_contain_text("由您提交，须由另一人复核")
        looked_at(page, "finance-own-orders")
        page = second.go("/finance/refunds")
        for box in page.get_by_role("checkbox", name="选择").all():
            expect(box).not_to_be_checked()  # money leaves for what somebody looked at
            box.check()
        looked_at(page, "finance-approve")
        second.sign("bank_escrow:approve", "批准付款")
        second.told("已签名 3 笔")
        due.tick(bank.now)
        assert set(Instruction.objects.values_list("state", flat=True)) == {"DONE"}
        second.go("/finance/refunds")
        looked_at(page, "finance-done")
        page.goto(f"{second.address}/finance")
        page.get_by_role("link", name="账簿").first.click()
        looked_at(page, "finance-journal")
        assert_sound()


class TestAGoodsLot:
    def test_is_reviewed_first_and_its_result_is_published_directly(self, clerk, goods, clock):
        agency = clerk(people.zhao())
        agency.faults.expect("status of 4")
        page = agency.go(course_of(goods))
        expect(page.get_by_role("button", name="移交评标")).to_have_count(0)
        failing = page.locator("fieldset[data-bid]", has_text=FAILING)
        failing.get_by_label("不通过", exact=True).check()
        agency.sign("trading:qualification", "签名并提交审查")
        agency.refused("不通过的供应商须写明条款和事实")
        looked_at(page, "course-qualification")
        failing = page.locator("fieldset[data-bid]", has_text=FAILING)
        failing.get_by_label("不通过", exact=True).check()
        failing.get_by_label("依据的条款").fill("招标文件第二章 2.1")
        failing.get_by_label("事实").fill("未提供有效的医疗器械经营许可证")
        agency.sign("trading:qualification", "签名并提交审查")
        agency.told("资格审查已保存")
        agency.refused("未提供有效的医疗器械经营许可证")
        looked_at(page, "course-qualified")
        agency.press("移交评标")
        agency.told("已移交评标")
        reported(goods, now=OPENED)
        agency.go(course_of(goods))
        expect(page.get_by_role("button", name="签名并公示")).to_have_count(0)
        agency.sign("trading:award", "签名并确定")
        agency.told("中标人已确定")
        agency.sign("trading:notify", "签名并通知")
        agency.told("中标结果已通知")
        public = clerk(None, java_script_enabled=False)
        seen = public.go(f"/awards/{goods.lot.pk}")
        expect(seen.locator("main")).to_contain_text("温州瓯越路桥有限公司")
        assert Lot.objects.get().notices.filter(kind="candidates").count() == 0
        page.locator("header").get_by_role("button", name="EN").click()
        looked_at(agency.go(course_of(goods)), "course-goods-en")


class TestThePublic:
    def test_reads_openings_results_and_receipts_without_scripts(self, clerk, paid):
        public = clerk(None, java_script_enabled=False)
        page = public.go("/openings")
        page.locator("main").get_by_role(
            "link", name="姑苏区平江片区市政道路改造工程"
        ).first.click()
        expect(page.locator("main")).to_contain_text("9,300,000.00")
        receipt = Bid.objects.filter(lot=paid.lot).first().receipt
        page = public.go("/verify")
        page.locator("main textarea").fill(receipt)
        public.press("核对")
        expect(page.locator("main")).to_contain_text("真实")
        for path in ("/", "/notices", f"/notices/{paid.tender.pk}", "/awards", "/contracts"):
            assert public.go(path).locator("h1").count() == 1
        worlds.log_ticks(now=OPENED)
        assert ending.publish_document(lot_id=paid.lot.pk, now=OPENED)
        seeing = clerk(None)
        for path, name in (
            ("/", "home"),
            (f"/openings/{paid.lot.pk}", "opening"),
            ("/verify", "verify"),
        ):
            looked_at(seeing.go(path), f"public-{name}")
