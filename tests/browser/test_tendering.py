"""The tender side in a real browser: from an empty form to the notice, and what comes after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests import people, worlds
from tests.browser import kit
from tests.browser.bidding import pdf
from tests.browser.clerk import _own_folders, authority, built, clerk, looked_at, tender_of
from trading.models import Lot, Tender
from trading.selectors import browser_code
from venues.models import Booking, Room

__all__ = ["_own_folders", "authority", "built", "clerk"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "姑苏区平江片区市政道路改造工程"
HOLDERS = ("沈志远", "吴佩兰", "顾永年")
SAMPLES = "9,500,000\n9,400,000\n9300000"


@pytest.fixture
def places(clock, db):
    """A centre with a room, another to be guest, and the office the agency works for."""
    clock.set(worlds.DRAFTED)
    Room.objects.get_or_create(centre=people.centre(), kind="OPENING", name="开标室1")
    people.centre(people.WENZHOU)
    return people.organisation_of(people.zhao())


@pytest.fixture
def world(clock, db):
    clock.set(worlds.DRAFTED)
    return worlds.published()


class TestADraft:
    def test_is_written_by_clicking_and_published(self, clerk, places):
        agency = clerk(people.qian())
        agency.faults.expect("status of 4")
        page = agency.go("/tenders")
        page.locator(".page-head").get_by_role("link", name="新建招标项目").click()
        self.head(agency, places)
        tender = tender_of(page)
        self.first_lot(agency)
        self.second_lot(agency)
        self.times(agency)
        page.set_input_files(
            "#doc-file", {"name": "招标文件.pdf", "mimeType": "application/pdf", "buffer": pdf()}
        )
        agency.press("上传", within="#documents")
        agency.told("已添加")
        self.host_key(agency)
        agency.go(f"/tenders/{tender}")
        looked_at(page, "tender-draft")
        agency.press("预约开标室", within="#room")
        agency.told("开标室已预约")
        agency.sign("trading:publish", "签名并发布公告")
        agency.told("招标公告已发布")
        looked_at(page, "tender-published")

        public = clerk(None, java_script_enabled=False)
        public.go(f"/notices/{tender}")
        for words in (TITLE, "二标段", "基准价 = 有效报价平均值 × 0.97", "施工组织设计"):
            expect(public.page.locator("main")).to_contain_text(words)
        found = Tender.objects.get(pk=tender)
        code = browser_code.current()
        assert code is not None
        expect(public.page.locator("main")).to_contain_text(code.offline_sha256)
        assert found.procuring_entity == places
        assert found.host_key.tested_at is not None
        assert [lot.criteria.count() for lot in found.lots.all()] == [5, 3]
        assert found.guest_sites == [people.WENZHOU]

    @staticmethod
    def head(agency, office):
        page = agency.page
        agency.press("建立项目")
        agency.refused("请先改正以下内容")
        looked_at(page, "tender-new-refused")
        page.get_by_label("项目名称").fill(TITLE)
        page.get_by_label("招标人统一社会信用代码").fill(office.credit_code)
        page.get_by_label("投标人资格要求").fill("市政公用工程施工总承包二级及以上")
        page.get_by_label("温州市公共资源交易中心").check()
        assert page.get_by_label("依法必须招标").is_checked()
        agency.press("建立项目")
        expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
        expect(page.locator("main")).to_contain_text("5 项未就绪")

    @staticmethod
    def first_lot(agency):
        page = agency.page
        page.locator("#lots .card-header").get_by_role("link", name="添加标段").click()
        page.get_by_label("标段名称").fill("一标段")
        page.get_by_label("估算价").fill("1000万元")
        page.get_by_label("最高投标限价（元）").fill("9,800,000")
        page.get_by_label("投标保证金").fill("200000")
        first = page.locator(".criteria-row").first
        for title, most in (("施工组织设计", "25"), ("安全文明施工", "15")):
            first.get_by_role("button", name="添加分项").click()
            page.keyboard.type(title)
            page.locator(".criteria-row--part").last.get_by_label("满分").fill(most)
        expect(first.get_by_text("分项合计 40 / 40")).to_be_visible()
        parts = page.locator(".criteria-row--part")
        parts.first.get_by_label("评分标准").fill("方案完整、针对性强得 20–25 分")
        page.get_by_label("平均前去掉最高、最低报价").select_option(label="满 5 家时各去掉 1 个")
        page.get_by_role("textbox", name="示例报价").fill(SAMPLES)
        agency.press("试算")
        expect(page.locator("[data-part=result]")).to_contain_text("评标基准价 9,118,000.00 元")
        page.get_by_text("计算过程").click()
        looked_at(page, "tender-lot")
        page.get_by_label("价格分计算方法").select_option(label="方法二：平均值与最高限价加权")
        agency.press("试算")
        expect(page.locator("[data-part=result]")).to_contain_text("9,800,000.00 × 0.92 × 0.35")
        page.get_by_label("价格分计算方法").select_option(label="方法一：有效报价平均值下浮")
        page.get_by_label("标段号").fill("")
        agency.press("保存标段")
        agency.refused("请先改正以下内容")
        # Nothing that was typed is lost by a refusal.
        expect(page.get_by_label("估算价")).to_have_value("1000万元")
        expect(page.locator(".criteria-row")).to_have_count(5)
        page.get_by_label("标段号").fill("1")
        agency.press("保存标段")
        agency.told("已保存")

    @staticmethod
    def second_lot(agency):
        page = agency.page
        page.locator("#lots .card-header").get_by_role("link", name="添加标段").click()
        page.get_by_label("标段号").fill("1")
        page.get_by_label("标段名称").fill("二标段")
        page.get_by_label("估算价").fill("600万元")
        agency.press("保存标段")
        agency.refused("标段号 1 已经用过")
        page.get_by_label("标段号").fill("2")
        agency.press("保存标段")
        agency.told("已保存")
        expect(page.locator("#lots article")).to_have_count(2)

    @staticmethod
    def times(agency):
        page = agency.page
        page.get_by_label("招标文件发出时间").fill("下周一")
        page.get_by_label("投标截止（开标）时间").fill("2026-11-10 09:30")
        agency.press("保存并检查", within="#times")
        agency.refused("时间格式应为")
        expect(page.get_by_label("招标文件发出时间")).to_have_value("下周一")
        page.get_by_label("招标文件发出时间").fill("2026-10-26 10:00")
        agency.press("保存并检查", within="#times")
        told = page.locator("#times li", has_text="法定不少于 20 天")
        expect(told).to_contain_text("第二十四条")
        expect(told).to_contain_text("最早 2026-11-16 09:30")
        expect(page.locator("#publish")).to_contain_text("完成以上各项后即可发布")
        looked_at(page, "tender-unlawful")
        page.get_by_label("投标截止（开标）时间").fill("2026-11-23 14:00")
        agency.press("保存并检查", within="#times")
        expect(told).not_to_contain_text("最早")

    @staticmethod
    def host_key(agency):
        page = agency.page
        files = []

        def keep(download):
            files.append(download)

        page.on("download", keep)
        for number, name in enumerate(HOLDERS, start=1):
            page.fill(f"#holder-{number}-name", name)
            page.fill(f"#holder-{number}-passphrase", f"口令 {name} {number}")
            page.fill(f"#holder-{number}-again", f"口令 {name} {number}")
        agency.press("生成并下载三个文件", within="[data-hp=host-key]")
        expect(page.locator("[data-hp=host-key] [data-part=status]")).to_contain_text(
            "三个持有人文件已下载"
        )
        page.wait_for_timeout(200)
        assert len(files) == 3
        held = [
            {"name": one.suggested_filename, "mimeType": "application/json", "buffer": content}
            for one in files
            for content in [one.path().read_bytes()]
        ]
        for number, name in enumerate(HOLDERS, start=1):
            box = page.locator(f"[data-holder='{number}']").first
            box.locator("[data-part=reload-file]").set_input_files(held[number - 1])
            box.locator("[data-part=reload-passphrase]").fill(f"口令 {name} {number}")
            box.get_by_role("button", name="核对").click()
            expect(box.locator("[data-part=state]")).to_contain_text("文件可用")
        page.wait_for_selector("[data-hp=host-key][data-state=registered]")
        kit.shoot(page, "tender-host-key")
        agency.press("继续", within="[data-hp=host-key]")
        test = page.locator("[data-hp=host-test]")
        for place, number in enumerate((3, 1)):
            box = test.locator("[data-holder]").nth(place)
            box.locator("[data-part=file]").set_input_files(held[number - 1])
            box.locator("[data-part=passphrase]").fill(f"口令 {HOLDERS[number - 1]} {number}")
        test.get_by_role("button", name="试装").click()
        page.wait_for_selector("[data-hp=host-test][data-state=tested]")

    def test_keeps_the_lots_that_are_left_when_one_is_deleted(self, clerk, clock):
        clock.set(worlds.DRAFTED)
        world = worlds.drafted()
        tenderer = clerk(people.zhao())
        page = tenderer.go(f"/tenders/{world.tender.pk}/lots/{world.lot.pk}")
        page.get_by_text("删除这个标段").click()
        tenderer.press("删除标段")
        tenderer.told("已删除")
        expect(page.locator("#lots")).to_contain_text("还没有标段")
        assert not Lot.objects.filter(pk=world.lot.pk).exists()


class TestAPublishedTender:
    def test_answers_an_enquiry_for_everybody(self, clerk, world):
        bidder = clerk(people.sun())
        page = bidder.go(f"/notices/{world.tender.pk}")
        page.get_by_label("提问", exact=True).fill("工期是否包含绿化养护期？")
        bidder.press("送出提问")
        bidder.told("提问已送出，答复将公开，不显示提问人")
        tenderer = clerk(people.zhao())
        tenderer.go(f"/tenders/{world.tender.pk}")
        expect(tenderer.page.locator("#enquiries")).not_to_contain_text("孙")
        tenderer.page.get_by_label("答复（对所有人公开）").fill("不包含，养护期另计。")
        tenderer.press("公开答复")
        tenderer.told("答复已公开")
        public = clerk(None, java_script_enabled=False)
        public.go(f"/notices/{world.tender.pk}")
        expect(public.page.locator("main")).to_contain_text("不包含，养护期另计。")
        bidder.go("/my/messages")
        expect(page.locator("main")).to_contain_text("提问已答复")

    def test_moves_deadline_and_room_together_with_a_late_addendum(self, clerk, world, clock):
        clock.set(worlds.DEADLINE - timedelta(days=5))
        tenderer = clerk(people.zhao())
        tenderer.faults.expect("status of 4")
        page = tenderer.go(f"/tenders/{world.tender.pk}")
        page.get_by_label("变更内容").fill("调整路面结构层做法。")
        tenderer.press("添加一处修改", within="#amend")
        page.get_by_label("条款", exact=True).fill("技术标准 3.2")
        page.get_by_label("原为").fill("沥青上面层 4 厘米")
        page.get_by_label("改为").fill("沥青上面层 5 厘米")
        tenderer.sign("trading:amend", "签名并发布变更")
        tenderer.refused("距投标截止不足 15 日")
        tenderer.refused("最早可定为 2026-12-03 14:00:00")
        looked_at(page, "tender-amend-refused")
        expect(page.get_by_label("变更内容")).to_have_value("调整路面结构层做法。")
        expect(page.get_by_label("改为")).to_have_value("沥青上面层 5 厘米")
        page.get_by_label("新的截止时间").fill("2026-12-03 14:00")
        page.set_input_files(
            "#id_files", {"name": "补遗一.pdf", "mimeType": "application/pdf", "buffer": pdf()}
        )
        tenderer.sign("trading:amend", "签名并发布变更")
        tenderer.told("变更公告已发布")
        moved = worlds.DEADLINE + timedelta(days=10)
        world.lot.refresh_from_db()
        assert world.lot.deadline_at == moved
        booked = Booking.objects.get(pk=Tender.objects.get().opening_room)
        assert booked.starts_at == moved

        public = clerk(None, java_script_enabled=False)
        seen = public.go(f"/notices/{world.tender.pk}")
        expect(seen.locator(".difference del")).to_have_text("沥青上面层 4 厘米")
        expect(seen.locator(".difference ins")).to_have_text("沥青上面层 5 厘米")
        expect(seen.locator("main")).to_contain_text("补遗一.pdf")
        looked_at(page, "tender-amended")
        page.goto(seen.url)
        looked_at(page, "notice-amended")

    def test_stands_still_ends_and_begins_again(self, clerk, world, clock):
        tenderer = clerk(people.zhao())
        page = tenderer.go(f"/tenders/{world.tender.pk}")
        expect(page.get_by_role("button", name="重新招标")).to_have_count(0)
        page.get_by_text("暂停项目").click()
        page.fill("#suspend-reason", "接到投诉，主管部门责令暂停。")
        page.fill("#suspend-clause", "招标投标法实施条例第六十二条")
        tenderer.sign("trading:suspend", "签名并暂停")
        tenderer.told("已暂停")
        looked_at(page, "tender-suspended")
        clock.advance(days=3)
        tenderer.back(f"/tenders/{world.tender.pk}")
        page.fill("#resume-reason", "投诉已处理完毕。")
        page.fill("#resume-clause", "招标投标法实施条例第六十二条")
        tenderer.sign("trading:resume", "签名并恢复")
        tenderer.told("已恢复")
        assert Lot.objects.get().deadline_at >= worlds.DEADLINE + timedelta(days=3)
        page.get_by_text("终止招标").click()
        page.fill("#terminate-reason", "项目资金来源变化，不再实施。")
        page.fill("#terminate-clause", "招标投标法实施条例第三十一条")
        tenderer.sign("trading:terminate", "签名并终止")
        tenderer.told("已终止")
        looked_at(page, "tender-terminated")
        tenderer.press("重新招标")
        expect(page.locator("main")).to_contain_text("前次招标")
        made = Tender.objects.get(pk=tender_of(page))
        assert made.predecessor == world.tender
        assert (made.attempt_no, made.lots.count(), made.state) == (2, 1, "DRAFT")
        page.get_by_role("link", name=world.tender.code).click()
        expect(page.locator("main")).to_contain_text("项目资金来源变化")
        page = tenderer.go(f"/tenders/{world.tender.pk}")
        expect(page.get_by_role("link", name=made.code)).to_be_visible()
        page.locator("header").get_by_role("button", name="EN").click()
        for place, name in (("", "draft"), ("/lots/new", "lot")):
            looked_at(tenderer.go(f"/tenders/{made.pk}{place}"), f"tender-{name}-en")
