"""A whole opening as a bidder, the host and a supervisor see it in Chromium."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect

from tests import people, worlds
from tests.browser import kit
from tests.realtime import crowd
from tests.realtime.server import serving
from trading.models import Opening
from trading.services.opening import advance, answers, desk, ending, releasing
from trading.services.opening.state import locked

pytestmark = pytest.mark.django_db(transaction=True)
BIDDERS = 9


@pytest.fixture
def world():
    """Eleven bids an hour before their deadline; the second is ours."""
    made = worlds.published()
    names = [crowd.bidder(0), people.sun(), *crowd.bidders(BIDDERS + 1)[1:]]
    made.parties = [
        worlds.submitted(
            made,
            who,
            price_fen=930_000_000 + 1_234_567 * number,
            at=worlds.DEADLINE - timedelta(minutes=90 - number),
        )
        for number, who in enumerate(names)
    ]
    with transaction.atomic():
        advance.open_lobby(lot_id=made.lot.pk, now=worlds.DEADLINE - timedelta(hours=1))
        desk.name_staff(
            locked(made.lot.pk),
            staff={"host": "李文博", "recorder": "王敏", "supervisor": "陈建国", "witness": "周岚"},
            actor="tests",
            now=worlds.DEADLINE - timedelta(hours=1),
        )
    return made


@pytest.fixture
def server(tmp_path, world):
    with serving(tmp_path, worlds.DEADLINE - timedelta(minutes=10)) as running:
        yield running


def enter(chromium, server, who, **options):
    """A page of somebody who is signed in."""
    facts = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": kit.DESKTOP}
    context = chromium.new_context(**(facts | options))
    context.set_default_timeout(kit.PATIENCE)
    if who is not None:
        client = people.sign_in(Client(), who)
        context.add_cookies(
            [
                {"name": name, "value": morsel.value, "url": server.url}
                for name, morsel in client.cookies.items()
            ]
        )
    page = context.new_page()
    page.watch = kit.Faults(context)
    return page


def shown(page):
    """The hall has drawn its state."""
    expect(page.locator("[data-hp=hall][data-drawn]")).to_be_visible()
    return page


def at_stage(page, stage):
    expect(page.locator(f"[data-hp=hall][data-stage={stage}]")).to_be_visible()


class TestAnOpening:
    def test_is_followed_live_by_everybody(self, chromium, server, world):  # noqa: PLR0915 - one opening
        lot = world.lot
        wide = {"viewport": {"width": 1600, "height": 900}}
        bidder = enter(chromium, server, people.sun(), **wide)
        host = enter(chromium, server, people.zhao(), **wide)
        public = enter(chromium, server, None)
        bidder.goto(f"{server.url}/hall/{lot.pk}")
        shown(bidder)
        public.goto(f"{server.url}/hall/{lot.pk}")
        shown(public)

        # Before the hour: forty grey figures, no name, no number, one button.
        expect(bidder.locator(".seat--empty")).to_have_count(40)
        expect(bidder.locator(".seat--empty[data-mine]")).to_have_count(1)
        expect(public.locator(".seat--empty")).to_have_count(40)
        assert "昆山宏基" not in bidder.content() + public.content()
        kit.shoot(bidder, "hall-waiting-zh")
        bidder.get_by_role("button", name="签到").click()
        expect(bidder.locator("[data-part=fact-signed]")).to_contain_text("2026-11-23 13:5")
        kit.assert_accessible(bidder)

        # The host opens and lists.
        server.set_clock(worlds.DEADLINE + timedelta(minutes=1))
        worlds.closed(world)
        host.goto(f"{server.url}/desk/open/{lot.pk}")
        for button, stage in (
            ("宣布开标", "START"),
            ("检查投标人数", "COUNT_CHECK"),
            ("公布投标人名单", "LIST"),
            ("查验保证金", "DEPOSIT"),
        ):
            host.get_by_role("button", name=f"下一步：{button}").click()
            at_stage(bidder, stage)
        expect(bidder.locator("[data-seat]")).to_have_count(len(world.parties))
        expect(public.locator("[data-part=rows] tr")).to_have_count(len(world.parties))
        expect(bidder.locator("[data-seat][data-mine]")).to_have_count(1)
        host.get_by_role("button", name="下一步：开始解密").click()
        at_stage(bidder, "DECRYPT_BIDDER")
        expect(bidder.get_by_role("button", name="解密我的投标文件")).to_be_visible()
        kit.shoot(bidder, "hall-decrypt-zh")

        # Shares are released; one fails.
        for party in world.parties[:-1]:
            worlds.release_own(world, party)
        with transaction.atomic():
            releasing.release(
                party=world.parties[-1],
                share=bytes(32),
                signature=uuid4(),
                actor="tests",
                now=worlds.DEADLINE + timedelta(minutes=3),
            )
        expect(bidder.locator("[data-seat][data-state=released]")).to_have_count(
            len(world.parties) - 1
        )
        expect(bidder.locator("[data-seat][data-state=retry]")).to_have_count(1)
        expect(host.locator("[data-live=alerts]")).to_contain_text("密钥不符")
        kit.assert_accessible(host)
        kit.shoot(host, "opening-desk-zh")
        end = Opening.objects.get(pk=lot.pk).decrypt_ends_at
        server.set_clock(end)
        with transaction.atomic():
            advance.end_window(lot_id=lot.pk, now=end)
        at_stage(bidder, "DECRYPT_TENDERER")
        expect(host.get_by_role("button", name="招标人解密")).to_be_visible()
        worlds.release_host(world, now=end)
        at_stage(bidder, "RECOUNT")
        expect(host.get_by_role("button", name="下一步：公布报价")).to_be_visible()
        assert "9,312,345.67" not in bidder.content()

        # Prices, messages, an objection.
        host.get_by_role("button", name="下一步：公布报价").click()
        at_stage(bidder, "READ_OUT")
        expect(bidder.locator("[data-part=fact-price]")).to_have_text("¥9,312,345.67")
        expect(bidder.locator("[data-part=fact-uppercase]")).to_contain_text("玖佰叁拾壹万")
        host.get_by_placeholder("请各投标人…").fill("请各投标人核对报价，如有异议请当场提出。")
        host.get_by_role("button", name="发送").click()
        expect(bidder.locator("[data-part=messages]")).to_contain_text("请各投标人核对报价")
        bidder.get_by_placeholder("发给主持人，其他投标人看不到").fill("我方报价无误")
        bidder.get_by_role("button", name="发送").click()
        expect(host.locator("[data-live=calls]")).to_contain_text("2 号")
        assert "我方报价无误" not in public.content()
        kit.shoot(bidder, "hall-scene-zh")
        kit.assert_accessible(bidder)
        with transaction.atomic():
            answers.object_to(
                party=world.parties[0],
                text="唱标金额与投标文件不一致",
                signature=uuid4(),
                actor="tests",
                now=end,
            )
        expect(bidder.locator("[data-part=objections]")).to_contain_text("等待主持人答复")
        host.get_by_placeholder("当场答复，写入记录").fill("经核对一致")
        host.get_by_role("button", name="答复").click()
        expect(bidder.locator("[data-part=objections]")).to_contain_text("答复：经核对一致")

        # One key shows the same as a table.
        bidder.keyboard.press("F2")
        expect(bidder.locator("[data-part=listed]")).to_be_visible()
        expect(bidder.locator("[data-part=rows] .is-mine")).to_contain_text("9,312,345.67")
        kit.assert_accessible(bidder)
        kit.shoot(bidder, "hall-list-zh")
        bidder.keyboard.press("F2")

        # Confirmation, the record, the end.
        host.goto(f"{server.url}/desk/open/{lot.pk}")
        host.get_by_role("button", name="下一步：进入异议环节").click()
        at_stage(bidder, "OBJECTION")
        after = Opening.objects.get(pk=lot.pk).objection_ends_at
        server.set_clock(after)
        host.get_by_role("button", name="下一步：请投标人确认记录").click()
        at_stage(bidder, "CONFIRM")
        expect(bidder.get_by_role("button", name="核对无误，确认")).to_be_visible()
        digest = Opening.objects.get(pk=lot.pk).record_hash
        expect(bidder.locator("form[data-sign=confirm] input[name=record_sha256]")).to_have_value(
            digest
        )
        signed = {"record_hash": digest, "signature": uuid4(), "actor": "tests", "now": after}
        with transaction.atomic():
            answers.confirm(party=world.parties[1], **signed)
        expect(bidder.get_by_role("button", name="核对无误，确认")).to_be_hidden()
        last = Opening.objects.get(pk=lot.pk).confirm_ends_at
        server.set_clock(last)
        host.get_by_role("button", name="下一步：结束确认").click()
        expect(host.get_by_role("button", name="签署开标记录")).to_be_visible()
        with transaction.atomic():
            ending.sign_record(lot_id=lot.pk, **(signed | {"now": last}))
        at_stage(bidder, "END")
        expect(bidder.get_by_role("link", name="查看开标结果")).to_be_visible()
        for page in (bidder, host, public):
            page.watch.check()
            page.context.close()

    def test_goes_on_after_the_web_process_was_killed(self, chromium, server, world):
        page = enter(chromium, server, people.sun())
        page.watch.expect("WebSocket|ERR_CONNECTION|Failed to load|Failed to fetch")
        page.goto(f"{server.url}/hall/{world.lot.pk}")
        shown(page)
        server.kill()
        expect(page.locator("[data-part=line][data-way=off]")).to_be_visible()
        with transaction.atomic():
            desk.say(
                locked(world.lot.pk),
                party=None,
                by_host=True,
                text="网络已恢复",
                actor="tests",
                now=worlds.DEADLINE,
            )
        server.start()
        expect(page.locator("[data-part=messages]")).to_contain_text("网络已恢复")
        expect(page.locator("[data-part=line]")).to_have_attribute(
            "data-way", re.compile("socket|poll")
        )
        page.watch.check()
        page.context.close()

    def test_is_followed_on_a_phone_and_without_scripts(self, chromium, server, world):
        worlds.closed(world)
        worlds.to_stage(world, "DECRYPT_BIDDER")
        server.set_clock(worlds.DEADLINE + timedelta(minutes=2))
        page = enter(chromium, server, people.sun(), viewport=kit.PHONE)
        page.goto(f"{server.url}/hall/{world.lot.pk}")
        shown(page)
        expect(page.locator(".scene")).to_be_hidden()
        kit.assert_fits(page)
        kit.assert_accessible(page)
        kit.shoot(page, "hall-phone-zh")
        page.watch.check()
        page.context.close()
        plain = enter(chromium, server, people.sun(), java_script_enabled=False)
        plain.goto(f"{server.url}/hall/{world.lot.pk}")
        expect(plain.locator("[data-part=rows] tr")).to_have_count(len(world.parties))
        assert plain.locator("noscript meta[http-equiv=refresh]").count() == 1
        plain.context.close()


class TestStaffPages:
    def test_show_the_day_and_the_watch(self, chromium, server, world):
        worlds.closed(world)
        worlds.to_stage(world, "LIST")
        server.set_clock(worlds.DEADLINE + timedelta(minutes=2))
        staff = enter(chromium, server, people.yang(), viewport={"width": 1600, "height": 900})
        staff.goto(f"{server.url}/desk")
        expect(
            staff.get_by_role("link", name="姑苏区平江片区市政道路改造工程").first
        ).to_be_visible()
        kit.assert_accessible(staff)
        kit.assert_fits(staff)
        kit.shoot(staff, "day-board-zh")
        watch = enter(chromium, server, people.feng())
        watch.goto(f"{server.url}/watch")
        kit.assert_accessible(watch)
        watch.get_by_role("link", name="姑苏区平江片区市政道路改造工程").first.click()
        shown(watch)
        expect(watch.get_by_text("只读")).to_be_visible()
        expect(watch.locator("form[data-sign]")).to_have_count(0)
        kit.shoot(watch, "watch-zh")
        for page in (staff, watch):
            page.watch.check()
            page.context.close()
