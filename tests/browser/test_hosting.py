"""The host's side of an opening, and those who watch it, by clicking alone in Chromium."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect

from sealing import splitting
from tests import people, worlds
from tests.accounts.authority import Authority
from tests.browser import kit
from tests.browser.hands import certificate_of, looked_at
from tests.frontend.certificates import PIN
from tests.realtime import crowd
from tests.realtime.server import serving
from trading.models import Opening
from trading.services.opening import advance, opening_forms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

D = worlds.DEADLINE
PASSPHRASES = ("平江道路一号钥匙", "平江道路二号钥匙", "平江道路三号钥匙")
EARLY = D - timedelta(hours=1)


@pytest.fixture
def world():
    """Four bids, an hour before their deadline."""
    return _bid_for([people.sun(), people.li(), people.zhou(), crowd.bidder(0)])


@pytest.fixture
def authority(settings, tmp_path, db):
    made = Authority()
    made.trust(settings, tmp_path, at=EARLY)
    return made


@pytest.fixture
def server(tmp_path, world, authority):
    with serving(tmp_path, D - timedelta(minutes=10)) as running:
        yield running


@pytest.fixture
def holder_files(world):
    """The three files the ceremony gave to the host's holders."""
    return splitting.split(world.host, passphrases=PASSPHRASES, label="平江")


@pytest.fixture
def visit(chromium, server):
    """Give a page of somebody who is signed in; all are watched until the end."""
    opened = []

    def enter(who, *, refused=False, **options):
        facts = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": kit.DESKTOP}
        context = chromium.new_context(**(facts | options))
        context.set_default_timeout(20_000)
        client = people.sign_in(Client(), who)
        context.add_cookies(
            [
                {"name": name, "value": morsel.value, "url": server.url}
                for name, morsel in client.cookies.items()
            ]
        )
        faults = kit.Faults(context)
        opened.append((context, faults))
        if refused:
            faults.expect("409")
        return context.new_page()

    yield enter
    for context, faults in opened:
        faults.check()
        context.close()


def _arrival(number):
    """The order of delivery is the order of seats."""
    return EARLY - timedelta(minutes=60 - number)


def _bid_for(bidders):
    made = worlds.published()
    made.parties = [
        worlds.submitted(made, who, price_fen=930_000_000 + 1_234_567 * number, at=_arrival(number))
        for number, who in enumerate(bidders)
    ]
    with transaction.atomic():
        advance.open_lobby(lot_id=made.lot.pk, now=EARLY)
    return made


def sign(page, form, certificate):
    """Load the certificate where it is asked for, and press the block's button."""
    block = page.locator(f"{form} [data-hp=sign-block]")
    if block.locator("[data-part=load]").is_visible():
        block.locator("[data-part=file]").set_input_files(certificate)
        block.locator("[data-part=pin]").fill(PIN)
    block.locator(".btn-primary").click()


def press_next(page, words, *, stage):
    """Press the one button and arrive at the next stage."""
    page.get_by_role("button", name=f"下一步：{words}").click()
    expect(page.locator(f"[data-hp=desk][data-stage={stage}]")).to_be_visible()


def next_is_blocked(page, why):
    """The button cannot be pressed, and the page says why."""
    expect(page.locator(".desk__next .btn-primary")).to_be_disabled()
    expect(page.locator(".desk__blocked")).to_contain_text(why)


class TestAHost:
    def test_runs_the_opening_from_the_hour_to_the_signed_record(
        self, visit, server, world, authority, holder_files
    ):
        lot = world.lot.pk
        certificate = certificate_of(authority, people.zhao(), at=EARLY)
        host = visit(people.zhao())
        host.goto(f"{server.url}/my")
        host.get_by_role("link", name="主持开标").click()
        host.wait_for_url("**/desk/open")
        looked_at(host, "opening-desks")
        host.get_by_role("link", name=world.tender.title).click()

        # Before the hour the button says why it waits; who bids is nobody's to know.
        next_is_blocked(host, "投标截止时间未到")
        assert "昆山宏基" not in host.content()
        host.get_by_role("button", name="工作人员").click()
        host.get_by_label("主持人").fill("李文博")
        host.get_by_label("记录员").fill("王敏")
        host.get_by_role("button", name="保存").click()
        looked_at(host, "opening-desk-before")

        server.set_clock(D + timedelta(minutes=1))
        worlds.closed(world)
        press_next(host, "宣布开标", stage="START")
        press_next(host, "检查投标人数", stage="COUNT_CHECK")
        expect(host.get_by_text("递交投标文件 4 份")).to_be_visible()
        press_next(host, "公布投标人名单", stage="LIST")
        press_next(host, "查验保证金", stage="DEPOSIT")
        looked_at(host, "opening-desk-listed")
        press_next(host, "开始解密", stage="DECRYPT_BIDDER")

        # Three release, the fourth does not; the window is closed when its time is over.
        next_is_blocked(host, "还有 4 家未解密")
        for party in world.parties[:-1]:
            assert worlds.release_own(world, party)
        expect(host.locator(".desk__tally")).to_contain_text("3 / 4 家")
        looked_at(host, "opening-desk-decrypt")
        end = Opening.objects.get(pk=lot).decrypt_ends_at
        server.set_clock(end)
        host.reload()
        press_next(host, "结束投标人解密", stage="DECRYPT_TENDERER")
        expect(host.locator("[data-live=alerts]")).to_contain_text("4 号没有在时间内解密")

        self._releases(host, certificate, holder_files)
        opening_forms.open_lot(lot_id=lot, now=end)
        press_next(host, "公布报价", stage="READ_OUT")
        expect(host.locator("[data-row='1']")).to_contain_text("¥9,300,000.00")
        looked_at(host, "opening-desk-prices")

        bidder = self._objection(visit, server, authority, host, world)
        self._record(host, bidder, server, world, certificate)

    @staticmethod
    def _releases(host, certificate, holder_files):
        """Two of three holders; a wrong passphrase and the same file twice do nothing."""
        release = host.locator("[data-hp=host-release]")
        looked_at(host, "opening-desk-host-release")

        def load(place, number, words):
            box = release.locator(f"[data-holder='{place}']")
            file = {"name": f"holder-{number}.json", "mimeType": "application/json"}
            box.locator("[data-part=file]").set_input_files(
                {**file, "buffer": holder_files[number - 1]}
            )
            box.locator("[data-part=passphrase]").fill(words)

        load("1", 1, PASSPHRASES[0])
        load("2", 3, "记错了的那一句口令")
        sign(host, "[data-hp=host-release]", certificate)
        expect(release.locator("[data-part=status] >> nth=0")).to_contain_text("口令")
        assert Opening.objects.get().stage == "DECRYPT_TENDERER"
        load("1", 1, PASSPHRASES[0])
        load("2", 3, PASSPHRASES[2])
        sign(host, "[data-hp=host-release]", certificate)
        expect(host.locator("[data-hp=host-release][data-state=released]")).to_be_visible()
        expect(host.get_by_text("招标人解密完成：成功 3，失败 0")).to_be_visible()

    @staticmethod
    def _objection(visit, server, authority, host, world):
        """A bidder objects, the host answers on the spot."""
        certificate = certificate_of(authority, people.sun(), at=EARLY)
        bidder = visit(people.sun())
        bidder.goto(f"{server.url}/hall/{world.lot.pk}")
        bidder.get_by_role("button", name="提出异议").click()
        bidder.get_by_label("异议内容").fill("唱标金额的大写没有读出")
        sign(bidder, "#object", certificate)
        expect(host.locator("[data-live=objections]")).to_contain_text("唱标金额的大写没有读出")
        press_next(host, "进入异议环节", stage="OBJECTION")
        next_is_blocked(host, "有 1 条异议尚未答复")
        host.get_by_label("答复").fill("已补读，与开标一览表一致")
        looked_at(host, "opening-desk-objection")
        host.get_by_role("button", name="答复").click()
        expect(bidder.locator("[data-part=objections]")).to_contain_text("答复：已补读")
        next_is_blocked(host, "异议时间到")
        return bidder

    @staticmethod
    def _record(host, bidder, server, world, certificate):
        """The bidders answer the record, the host signs it, the opening has ended."""
        after = Opening.objects.get().objection_ends_at
        server.set_clock(after)
        host.reload()
        press_next(host, "请投标人确认记录", stage="CONFIRM")
        next_is_blocked(host, "还有 3 家未确认")
        expect(bidder.get_by_role("button", name="核对无误，确认")).to_be_visible()
        sign(bidder, "form[data-sign=confirm]", None)
        expect(bidder.get_by_role("button", name="核对无误，确认")).to_be_hidden()
        expect(bidder.get_by_text("您已答复开标记录，请等待其他投标人")).to_be_visible()
        expect(host.locator(".desk__tally")).to_contain_text("1 / 3 家")
        looked_at(bidder, "hall-confirmed")
        last = Opening.objects.get().confirm_ends_at
        server.set_clock(last)
        host.reload()
        press_next(host, "结束确认", stage="SIGN")
        looked_at(host, "opening-desk-sign")
        sign(host, "form[data-sign=sign-record]", certificate)
        expect(host.get_by_text("开标结束，记录已签署")).to_be_visible()
        looked_at(host, "opening-desk-end")
        host.get_by_role("link", name="查看开标结果").click()
        expect(host.locator("main")).to_contain_text("苏州恒筑建设有限公司")
        looked_at(host, "opening-result")
        world.lot.refresh_from_db()
        assert world.lot.state == "OPENED"
        assert [row.answer for row in _answers(world)] == ["object", "silent", "silent"]


def _answers(world):
    opening = Opening.objects.get(pk=world.lot.pk)
    seats = opening.seats.filter(bid__state="OPENED").order_by("number")
    return [seat.party.record_answer for seat in seats]


class TestTheCentre:
    def test_works_the_desk_only_while_it_is_delegated(self, visit, server, world):
        worlds.closed(world)
        server.set_clock(D + timedelta(minutes=1))
        desk = f"{server.url}/desk/open/{world.lot.pk}"
        host, staff = visit(people.zhao()), visit(people.yang(), refused=True)
        staff.goto(f"{server.url}/desk/open")
        expect(staff.get_by_text("没有委托中心操作的开标")).to_be_visible()
        looked_at(staff, "opening-desks-none")

        host.goto(desk)
        host.get_by_role("button", name="委托中心操作").first.click()
        host.locator("#delegate").get_by_role("button", name="委托中心操作").click()
        expect(host.get_by_text("已委托中心人员操作控制台").first).to_be_visible()
        staff.reload()
        staff.get_by_role("link", name=world.tender.title).click()
        press_next(staff, "宣布开标", stage="START")
        expect(host.locator("[data-hp=desk][data-stage=START]")).to_be_visible()

        # The key stays with the tenderer, and no button of the centre rejects a bid.
        worlds.to_stage(world, "DECRYPT_BIDDER")
        for party in world.parties:
            assert worlds.release_own(world, party)
        expect(staff.locator("[data-hp=desk][data-stage=DECRYPT_BIDDER]")).to_be_visible()
        press_next(staff, "结束投标人解密", stage="DECRYPT_TENDERER")
        expect(staff.get_by_text("中心不持有密钥")).to_be_visible()
        assert staff.locator("[data-hp=host-release]").count() == 0
        expect(host.locator("[data-hp=host-release]")).to_be_visible()

        host.get_by_role("button", name="收回委托").first.click()
        host.locator("#delegate").get_by_role("button", name="收回委托").click()
        expect(host.get_by_text("已收回委托")).to_be_visible()
        again = staff.context.new_page()
        again.goto(desk)
        expect(again.get_by_text("您不能操作本场开标")).to_be_visible()

    def test_sees_its_day(self, visit, server, world):
        worlds.closed(world)
        server.set_clock(D + timedelta(minutes=2))
        staff = visit(people.yang())
        staff.goto(f"{server.url}/my")
        looked_at(staff, "my-centre-opening")
        staff.get_by_role("link", name="今日看板").click()
        expect(staff.get_by_text("截止时间已到，尚未宣布开标")).to_be_visible()
        looked_at(staff, "day-board")
        # On a phone the table of the day begins at this hour.
        staff.set_viewport_size(kit.PHONE)
        staff.reload()
        expect(staff.locator(".daybook thead .is-now")).to_be_in_viewport(ratio=1)


class TestASupervisor:
    def test_watches_without_a_button_and_checks_the_chain(self, visit, server, world):
        worlds.closed(world)
        worlds.to_stage(world, "DECRYPT_BIDDER")
        server.set_clock(D + timedelta(minutes=2))
        watch = visit(people.feng())
        watch.goto(f"{server.url}/my")
        looked_at(watch, "my-supervisor")
        watch.get_by_role("link", name="在线监督").click()
        looked_at(watch, "watch-list")
        watch.get_by_role("link", name=world.tender.title).click()
        expect(watch.locator("[data-hp=hall][data-drawn]")).to_be_visible()
        expect(watch.get_by_text("只读：监督不能改动数据")).to_be_visible()
        assert watch.locator("main form").count() == 0
        watch.get_by_role("button", name="列表视图").click()
        assert worlds.release_own(world, world.parties[0])
        expect(watch.locator("[data-part=rows] tr >> nth=0")).to_contain_text("已解密")
        looked_at(watch, "watch-one")

        watch.get_by_role("link", name="查审计记录").click()
        expect(watch.locator("[role=status] .panel--done")).to_contain_text("首尾相连，未被改动")
        looked_at(watch, "audit-trail")


class TestManyBidders:
    @pytest.fixture
    def world(self):
        return _bid_for(crowd.bidders(30))

    def test_stand_in_a_list_that_can_be_read_at_every_width(self, visit, server, world):
        worlds.closed(world)
        worlds.to_stage(world, "DECRYPT_BIDDER")
        server.set_clock(D + timedelta(minutes=2))
        for party in world.parties[:20]:
            worlds.release_own(world, party)
        host = visit(people.zhao())
        host.goto(f"{server.url}/desk/open/{world.lot.pk}")
        expect(host.locator(".desk__list tbody tr")).to_have_count(30)
        expect(host.locator(".desk__tally")).to_contain_text("20 / 30 家")
        for width in (360, 1024, 1280, 1440, 1920):
            host.set_viewport_size({"width": width, "height": 900})
            kit.assert_fits(host)
            lines = host.evaluate(
                """() => Math.max(...[...document.querySelectorAll('.desk__list tbody th')].map(
                     cell => { const range = document.createRange();
                               range.selectNode(cell.querySelector('.desk__who').firstChild);
                               return range.getClientRects().length; }))"""
            )
            assert lines <= (2 if width < 600 else 1), width
            kit.shoot(host, f"opening-desk-30-{width}", whole=width < 600)
        kit.assert_accessible(host)


class TestInEnglish:
    def test_the_pages_keep_their_layout(self, visit, server, world):
        worlds.closed(world)
        worlds.to_stage(world, "DECRYPT_BIDDER")
        server.set_clock(D + timedelta(minutes=2))
        for who, path, name in (
            (people.zhao(), f"/desk/open/{world.lot.pk}", "opening-desk"),
            (people.zhao(), "/desk/open", "opening-desks"),
            (people.yang(), "/desk", "day-board"),
            (people.feng(), f"/watch/{world.lot.pk}", "watch-one"),
        ):
            page = visit(who)
            page.goto(server.url + path)
            page.click("button[name=language]")
            expect(page.locator("html[lang=en]")).to_be_visible()
            looked_at(page, f"{name}-en")
            assert not re.search("[一-鿿]", page.locator("main button").all_inner_texts().__str__())
