"""An evaluation by clicking and typing alone in Chromium: draw, door, room, workbench, report."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from core.pdf import Document, Heading, PageBreak, Paragraph, render
from evaluation.models import Declaration, Panel, ReportSignature, Score, Seat
from tests import people, worlds
from tests.accounts.authority import Authority
from tests.browser import kit
from tests.browser.bidding import _own_folders, built, signed_in
from tests.browser.hands import certificate_of, looked_at
from tests.evaluation import rooms
from tests.frontend.certificates import PIN
from trading.models import Lot, Tender

__all__ = ["_own_folders", "built"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = 300
BARRIER = 217  # the page that speaks of the crash barrier
REFUSED = "409|422"
NAME = "苏州恒筑建设有限公司"


@pytest.fixture(scope="session")
def paper():
    """A plan of three hundred pages, one of which must be found."""
    blocks = []
    for page in range(1, PAGES + 1):
        text = "夜间施工设置防撞护栏和警示灯。" if page == BARRIER else "按图施工，逐段验收。"
        blocks += [Heading(f"第 {page} 节 施工组织"), Paragraph(text), PageBreak()]
    return render(Document(title="施工组织设计", code="HP-PLAN", blocks=tuple(blocks[:-1])))


@pytest.fixture
def opened(clock, _own_folders, paper, settings, tmp_path):
    """A lot of three opened bids in the panel's hands, and a library of six experts."""
    clock.set(rooms.MEETS)
    made = rooms.handed_over(rooms.opened(paper=paper))
    rooms.stocked()
    Tender.objects.filter(pk=made.tender.pk).update(guest_sites=[people.WENZHOU])
    return made


@pytest.fixture
def authority(settings, tmp_path, opened, clock):
    made = Authority()
    made.trust(settings, tmp_path, at=clock.now())
    return made


@pytest.fixture
def visit(built, chromium, live_server, clock):
    """Give a page of somebody who is signed in; all are watched until the end."""
    entered = []

    def enter(who, path="/my", *, expects=None):
        context = chromium.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport=kit.DESKTOP
        )
        context.set_default_timeout(20_000)
        signed_in(context, live_server.url, who)
        faults = kit.Faults(context)
        entered.append((context, faults))
        if expects:
            faults.expect(expects)
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield enter
    for context, faults in entered:
        faults.check()
        context.close()


def sign(page, certificate=None):
    """Load the certificate where it is asked for, and press the page's signing button."""
    block = page.locator("[data-hp=sign-block]")
    expect(block.locator("[data-part=who]")).not_to_be_empty()
    if certificate is not None:
        block.locator("[data-part=file]").set_input_files(certificate)
        block.locator("[data-part=pin]").fill(PIN)
    block.locator(".btn-primary").click()


def room_of(panel):
    return f"/eval/{panel.pk}"


class TestTheDraw:
    def test_is_planned_promised_and_held_at_the_desk(self, visit, opened, clock):
        desk = visit(people.jiang(), expects=REFUSED)
        looked_at(desk, "my-centre-evaluation")
        desk.get_by_role("link", name="评标安排").click()
        looked_at(desk, "evaluation-desks")
        desk.get_by_role("link", name=opened.tender.title).click()
        looked_at(desk, "draw-plan")

        desk.get_by_role("button", name="公布承诺").click()
        expect(desk.locator(".error-summary")).to_contain_text("抽取方案须写明专业、地点和人数")
        desk.get_by_label("评审时间").fill("2026-11-23T16:00")
        desk.get_by_label("第 1 行专业").fill(rooms.ROADS)
        desk.get_by_label("第 1 行人数").fill("3")
        desk.get_by_label("第 2 行专业").fill(rooms.ROADS)
        desk.get_by_label("第 2 行地点").select_option("320500")
        desk.get_by_label("第 2 行人数").fill("9")
        desk.get_by_role("button", name="公布承诺").click()
        expect(desk.locator("main [role=alert]").first).to_contain_text("可抽取人数不足")
        expect(desk.get_by_label("第 1 行专业")).to_have_value(rooms.ROADS)
        desk.get_by_label("第 2 行地点").select_option(people.WENZHOU)
        desk.get_by_label("第 2 行人数").fill("2")
        desk.get_by_role("button", name="公布承诺").click()
        expect(desk.get_by_text("抽取承诺已写入事件链")).to_be_visible()
        looked_at(desk, "draw-committed")

        worlds.log_ticks(now=clock.now())
        desk.get_by_role("button", name="抽取并发出邀请").click()
        desk.wait_for_url("**/desk/eval/*")
        expect(desk.get_by_text("已抽取，邀请已发出")).to_be_visible()
        looked_at(desk, "evaluation-desk-invited")
        assert Seat.objects.filter(state="NOTIFIED").count() == 5
        for person in rooms.EXPERTS:
            assert person().name not in desk.content()


class TestAnExpert:
    def test_comes_by_invitation_through_the_door_to_the_review(
        self, visit, opened, authority, clock
    ):
        room = rooms.drawn(opened)
        panel = room.panel
        mine, *others = [seat for seat in room.seats if seat.site == people.SUZHOU]
        late, *others = [seat for seat in room.seats if seat.pk != mine.pk]
        for seat in others:
            rooms.accept(seat)
        clock.set(rooms.MEETS - timedelta(minutes=30))
        expert = visit(mine.person)
        looked_at(expert, "my-expert")
        expert.get_by_role("link", name="专家首页").click()
        expect(expert.get_by_role("button", name="接受")).to_be_visible()
        assert opened.tender.title not in expert.content()
        looked_at(expert, "expert-invited")
        expert.get_by_role("button", name="接受").click()
        expect(expert.get_by_text("已接受邀请")).to_be_visible()
        expert.get_by_role("link", name="进入评审室").click()
        expect(expert.get_by_text("请先到场签到")).to_be_visible()
        assert opened.tender.title not in expert.content()
        rooms.accept(late)

        # The door: staff of the seat's own site, nobody else.
        clock.set(rooms.MEETS)
        door = visit(people.shen(), f"/desk/eval/{panel.pk}")
        row = door.locator("tr", has_text=mine.code)
        expect(row).to_contain_text(mine.person.name)
        row.get_by_role("button", name="核验身份并签到").click()
        expect(door.locator("tr", has_text=mine.code)).to_contain_text("已签到")
        looked_at(door, "evaluation-desk-door")
        for seat in [late, *others]:
            rooms.check_in(room, seat)

        # Names appear; the statement is signed; one's choice survives a refusal.
        expect(expert.get_by_role("heading", name="回避声明")).to_be_visible(timeout=15_000)
        looked_at(expert, "expert-declare")
        for number in (1, 2, 3):
            expert.locator(f"#no-{number}").check()
        expect(expert.locator("#why-1")).to_be_hidden()
        sign(expert, certificate_of(authority, mine.person, at=clock.now()))
        expect(expert.get_by_text("回避声明已签署")).to_be_visible()
        assert Declaration.objects.get().seat == mine
        for seat in [late, *others]:
            rooms.declare(room, seat)

        expert.reload()
        expert.get_by_label(late.person.name).check()
        looked_at(expert, "expert-leader")
        expert.get_by_role("button", name="投票").click()
        for seat in [late, *others]:
            rooms.vote_leader(room, seat, mine)
        expert.reload()
        looked_at(expert, "expert-criteria")
        for seat in [late, *others]:
            rooms.read_criteria(room, seat)
        expert.get_by_role("button", name="已阅").click()
        expect(expert.get_by_text("已表决 0 / 3")).to_be_visible()
        assert Panel.objects.get().leader == mine

    def test_steps_aside_and_says_why(self, visit, opened, authority, clock):
        room = rooms.seated(rooms.drawn(opened))
        seat = room.seats[0]
        expert = visit(seat.person, room_of(room.panel), expects=REFUSED)
        expert.locator("#yes-1").check()
        expert.locator("#no-2").check()
        expert.locator("#no-3").check()
        sign(expert, certificate_of(authority, seat.person, at=clock.now()))
        expect(expert.locator("main [role=alert]").first).to_be_visible()
        expect(expert.locator("#yes-1")).to_be_checked()
        expert.locator("#why-1").fill("配偶在该公司任职")
        looked_at(expert, "expert-declare-related")
        sign(expert)
        expect(expert.get_by_text("已回避，您的席位由递补专家接替")).to_be_visible()
        looked_at(expert, "expert-recused")
        assert Seat.objects.get(pk=seat.pk).state == "RECUSED"


class TestTheReview:
    def test_is_voted_bid_by_bid_with_the_file_beside(self, visit, opened, clock):
        room = rooms.reviewing_room(rooms.seated(rooms.drawn(opened)))
        chair = room.chair
        for seat in room.seats:
            for bid in room.bids:
                if seat != chair:
                    rooms.vote(room, seat, bid, against=bid == room.bids[0])
        expert = visit(chair.person, room_of(room.panel), expects=REFUSED)
        expect(expert.locator("[data-part=pages]")).to_have_text(f"/ {PAGES}")
        looked_at(expert, "review-first")

        # Rejecting without grounds is refused, and what was typed is still there.
        expert.get_by_role("link", name=NAME).click()
        expect(expert.locator("#bid-title")).to_have_text(NAME)
        expert.get_by_text("否决的依据").click()
        expert.get_by_label("条款").fill("招标文件第3.2条")
        expert.get_by_role("button", name="否决").click()
        expect(expert.locator("main [role=alert]").first).to_be_visible()
        expect(expert.get_by_label("条款")).to_have_value("招标文件第3.2条")
        expert.get_by_label("情形").select_option("REJECT_RESPONSIVE")
        expert.get_by_label("事实").fill("夜间施工方案没有响应工期要求")
        expert.get_by_label("在文件中搜索").fill("防撞护栏")
        expert.get_by_label("在文件中搜索").press("Enter")
        expect(expert.locator("[data-part=file-status]")).to_have_text(f"第 {BARRIER} 页，1 处")
        expert.get_by_role("button", name="引用当前页").click()
        expect(expert.get_by_label("证据页码")).to_have_value(str(BARRIER))
        looked_at(expert, "review-reject")
        expert.get_by_role("button", name="否决").click()
        expect(expert.get_by_text("已表决 1 / 3")).to_be_visible()

        # One press a bid for the rest: the next without a vote is there already.
        for done in (2, 3):
            expert.get_by_role("button", name="通过").click()
            expect(expert.get_by_text(f"已表决 {done} / 3")).to_be_visible()
        looked_at(expert, "review-done")
        expert.get_by_role("button", name="统计表决，进入评分").click()
        expect(expert.locator("[data-hp=workbench]")).to_be_visible()
        assert NAME not in expert.inner_text("[data-part=bid-name]")
        decision = room.panel.review_decisions.get(bid=room.bids[0])
        assert (decision.passed, decision.votes_against) == (False, 5)


class TestTheWorkbench:
    def test_is_worked_by_keyboard_saved_as_one_types_and_locked(
        self, visit, opened, authority, clock
    ):
        room = rooms.scoring_room(rooms.reviewing_room(rooms.seated(rooms.drawn(opened))))
        seat = room.seats[1]
        page = visit(seat.person, room_of(room.panel), expects="ERR_INTERNET_DISCONNECTED")
        expect(page.locator("[data-part=pages]")).to_have_text(f"/ {PAGES}")
        expect(page.locator("[data-part=text]")).to_contain_text("第 1 节")
        looked_at(page, "workbench")
        # Round the bidders and back: each one's file opens.
        for _ in rooms.SCORES:
            page.locator("[data-part=value]").press("j")
            expect(page.locator("[data-part=pages]")).to_have_text(f"/ {PAGES}")
            expect(page.locator("[data-part=file-status]")).to_be_empty()
        self._read_and_score(page)
        self._is_saved_when_the_line_is_back(page)
        assert Score.objects.filter(seat=seat).count() == 9
        page.get_by_role("link", name="核对并锁定").click()
        looked_at(page, "workbench-lock")
        sign(page, certificate_of(authority, seat.person, at=clock.now()))
        expect(page.get_by_role("paragraph").filter(has_text="评分已锁定").first).to_be_visible()
        looked_at(page, "workbench-locked")
        assert Seat.objects.get(pk=seat.pk).locked_at == clock.now()
        desk = visit(people.jiang(), f"/desk/eval/{room.panel_id}")
        expect(desk.locator("tr", has_text=seat.code)).to_contain_text("9/9")
        assert "20.5" not in desk.inner_text("main")
        looked_at(desk, "evaluation-desk-scoring")

    @staticmethod
    def _read_and_score(page):
        """Search, bookmark and cite; a score out of range stays where it is."""
        value, error = page.locator("[data-part=value]"), page.locator("[data-part=value-error]")
        page.keyboard.press("/")
        page.keyboard.type("防撞护栏")
        page.keyboard.press("Enter")
        expect(page.locator("[data-part=text]")).to_contain_text("防撞护栏")
        expect(page.locator(".workbench__hit")).to_be_in_viewport()
        page.keyboard.press("Escape")
        page.keyboard.press("b")
        expect(page.get_by_role("button", name="书签")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("e")
        expect(error).to_have_text("先填写分值，再引用页码")
        page.get_by_label("理由").fill("护栏和警示灯齐全")
        page.get_by_role("button", name="下一家", exact=True).click()
        expect(error).to_have_text("先填写分值，理由才能保存")
        expect(page.get_by_label("理由")).to_have_value("护栏和警示灯齐全")
        value.fill("26")
        expect(error).to_be_hidden()
        value.press("Enter")
        expect(error).to_contain_text("0 到 25")
        value.fill("20.5")
        page.get_by_role("button", name="引用当前页").click()
        expect(page.locator("[data-part=cite-words]")).to_have_text(f"已引用第 {BARRIER} 页")
        expect(page.locator("[data-part=saved]")).to_contain_text("已保存")
        looked_at(page, "workbench-scored")
        expect(page.locator("[data-part=strip] [aria-current=true]")).to_contain_text("✓ 20.5")
        row = Score.objects.get()
        assert (str(row.value), row.note) == ("20.500", "护栏和警示灯齐全")
        assert (row.file, row.page) == (row.bid.files.first(), BARRIER)

    @staticmethod
    def _is_saved_when_the_line_is_back(page):
        """Nothing typed is lost, and a bookmark is there after a reload too."""
        value = page.locator("[data-part=value]")
        page.context.set_offline(True)
        value.focus()
        value.press("Enter")
        page.keyboard.type("19")
        page.keyboard.press("Enter")
        expect(page.locator("[data-part=saved]")).to_contain_text("恢复后自动保存")
        page.context.set_offline(False)
        expect(page.locator("[data-part=saved]")).to_contain_text("已保存", timeout=15_000)
        page.keyboard.type("18")
        for score in ("12", "11", "13", "10", "8", "6"):
            page.keyboard.press("Enter")
            page.keyboard.type(score)
        expect(page.locator("[data-part=count]")).to_have_text("9/9")  # without leaving the field
        expect(page.locator("[data-part=saved]")).to_contain_text("已保存")
        page.reload()
        expect(page.locator("[data-part=count]")).to_have_text("9/9")
        expect(page.locator("[data-part=bookmarks]")).to_have_text(str(BARRIER))
        expect(page.locator("[data-part=page]")).to_have_value(str(BARRIER))


class TestTheReport:
    def test_is_summed_up_by_the_leader_and_signed_by_all_with_one_dissent(
        self, visit, opened, authority, clock
    ):
        room = rooms.locked(
            rooms.scored(
                rooms.scoring_room(rooms.reviewing_room(rooms.seated(rooms.drawn(opened))))
            )
        )
        chair = room.chair
        dissenter, *others = [seat for seat in room.seats if seat != chair]
        leader = visit(chair.person, room_of(room.panel))
        looked_at(leader, "report-waiting")
        leader.get_by_role("button", name="汇总并生成报告").click()
        expect(leader.get_by_text("已汇总，评标报告已生成")).to_be_visible()
        looked_at(leader, "report-result")
        leader.get_by_label("同意", exact=True).check()
        sign(leader, certificate_of(authority, chair.person, at=clock.now()))
        expect(leader.get_by_text("您已签署，等待其他成员")).to_be_visible()

        other = visit(dissenter.person, room_of(room.panel), expects=REFUSED)
        other.get_by_label("不同意", exact=True).check()
        sign(other, certificate_of(authority, dissenter.person, at=clock.now()))
        expect(other.locator("main [role=alert]").first).to_be_visible()
        expect(other.get_by_label("不同意", exact=True)).to_be_checked()
        expect(other.get_by_label("不同意见和理由")).to_be_focused()
        other.get_by_label("不同意见和理由").fill("第一名的安全措施与图纸不符")
        looked_at(other, "report-dissent")
        sign(other)
        expect(other.get_by_text("您已签署，等待其他成员")).to_be_visible()
        assert "第一名的安全措施" not in leader.content()
        for seat in others:
            rooms.sign(room, seat)
        expect(leader.get_by_text("第一名的安全措施与图纸不符")).to_be_visible(timeout=15_000)
        looked_at(leader, "report-signed")
        assert ReportSignature.objects.filter(agrees=False).count() == 1
        assert Lot.objects.get(pk=room.world.lot.pk).state == "REPORTED"

        # A sitting that is over is past: named, not entered.
        leader.get_by_role("link", name="评审邀请").click()
        expect(leader.get_by_role("heading", name="以往评审")).to_be_visible()
        assert leader.get_by_role("link", name="进入评审室").count() == 0
        looked_at(leader, "expert-past")
        looked_at(visit(people.feng(), f"/desk/eval/{room.panel_id}"), "evaluation-desk-reported")


class TestInEnglish:
    def test_the_pages_keep_their_layout(self, visit, opened, clock):
        room = rooms.scoring_room(rooms.reviewing_room(rooms.seated(rooms.drawn(opened))))
        people.member(people.jiang(), Role.WITNESS, of=people.centre())
        for who, path, name in (
            (room.seats[0].person, room_of(room.panel), "workbench"),
            (room.seats[0].person, "/expert", "expert"),
            (people.jiang(), f"/desk/eval/{room.panel_id}", "evaluation-desk"),
            (people.jiang(), "/desk/eval", "evaluation-desks"),
        ):
            page = visit(who, path)
            page.click("button[name=language]")
            expect(page.locator("html[lang=en]")).to_be_visible()
            expect(page.locator("main h2").first).not_to_be_empty()
            looked_at(page, f"{name}-en")
