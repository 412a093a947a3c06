"""Every page of a panel is drawn at every step and shows no more than it may."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests import people
from tests.evaluation import rooms
from tests.evaluation.doors import client_of, url
from trading.models import Lot

pytestmark = pytest.mark.django_db


def page(person, address):
    response = client_of(person).get(address)
    assert response.status_code == 200
    return response.content.decode()


def room_page(room, seat):
    return page(seat.person, url("room", panel=room.panel_id))


class TestAnInvitation:
    def test_asks_for_an_answer_without_the_project(self, invited):
        text = page(invited.seats[0].person, url("invitations"))
        assert 'name="accept"' in text
        assert "苏州市公共资源交易中心" in text
        assert invited.panel.lot.tender.title not in text

    def test_page_is_kind_when_there_is_none(self, opened_lot):
        assert "没有新的抽取通知" in page(people.jin(), url("invitations"))


class TestTheRoom:
    def test_before_check_in_names_nothing(self, invited):
        rooms.accept(invited.seats[0])
        text = room_page(invited, invited.seats[0])
        assert "请先到场签到" in text
        assert invited.panel.lot.tender.title not in text

    def test_then_asks_for_the_statement_the_vote_and_the_reading(self, invited):
        room = rooms.seated(invited)
        seat = room.seats[0]
        assert 'data-act="evaluation:declare"' in room_page(room, seat)
        for one in room.seats:
            rooms.declare(room, one)
        assert url("leader", panel=room.panel_id) in room_page(room, seat)
        rooms.vote_leader(room, seat, seat)
        text = room_page(room, seat)
        assert url("leader", panel=room.panel_id) not in text
        assert url("criteria-read", panel=room.panel_id) in text

    def test_in_review_gives_the_close_to_the_leader_alone(self, in_review):
        close = url("review-close", panel=in_review.panel_id)
        assert close in room_page(in_review, in_review.leader)
        assert close not in room_page(in_review, in_review.seats[1])

    def test_while_scoring_is_the_workbench(self, in_scoring):
        text = room_page(in_scoring, in_scoring.seats[0])
        assert 'data-hp="workbench"' in text
        assert "build/workbench.js" in text
        assert 'style="' not in text

    def test_shows_ones_own_sheet_before_the_lock(self, in_scoring):
        seat = in_scoring.seats[0]
        rooms.score(in_scoring, seat, in_scoring.bids[0], "plan", "12.5")
        text = page(seat.person, url("lock", panel=in_scoring.panel_id))
        assert "12.5" in text
        assert "还有 8 项没有评分" in text
        assert "去第一个空白" in text
        assert "签名并锁定" not in text  # with a blank it could only be refused
        assert "各成员应一致" in text

    def test_signs_a_whole_sheet_once(self, in_scoring):
        room = rooms.scored(in_scoring)
        seat = room.seats[1]
        lock = url("lock", panel=room.panel_id)
        assert "签名并锁定" in page(seat.person, lock)
        rooms.lock(room, seat)
        answer = client_of(seat.person).get(lock)
        assert (answer.status_code, answer.url) == (302, url("room", panel=room.panel_id))

    def test_opens_the_correction_where_the_summary_is_refused_for_it(self, in_scoring):
        room = rooms.scored(in_scoring)
        rooms.score(room, room.seats[1], room.bids[0], "credit", "3")
        rooms.locked(room)
        summary = url("summary", panel=room.panel_id)
        leader = client_of(room.leader.person)
        assert "<details>" in room_page(room, room.leader)
        refused = leader.post(summary, {"command_id": str(uuid4())})
        assert "<details open>" in refused.content.decode()

    def test_says_what_a_member_who_has_come_in_waits_for(self, invited):
        first, *others = invited.seats
        for seat in invited.seats:
            rooms.accept(seat)
        rooms.check_in(invited, first)
        assert "其他成员还没有全部签到" in room_page(invited, first)
        Lot.objects.filter(panel=invited.panel).update(state="OPENED")
        for seat in others:
            rooms.check_in(invited, seat)
        assert "等待招标人移交评标" in room_page(invited, first)

    def test_waits_after_the_lock_and_signs_after_the_summary(self, in_scoring):
        room = rooms.locked(rooms.scored(in_scoring))
        assert "评分已锁定" in room_page(room, room.seats[1])
        assert url("summary", panel=room.panel_id) in room_page(room, room.leader)
        rooms.summarise(room)
        text = room_page(room, room.seats[1])
        assert 'data-act="evaluation:sign"' in text
        assert "90.11" in text
        for seat in room.seats:
            rooms.sign(room, seat)
        assert 'data-act="evaluation:sign"' not in room_page(room, room.seats[1])
        past = page(room.seats[1].person, url("invitations"))
        assert f'href="{url("room", panel=room.panel_id)}"' in past


class TestTheDesk:
    def test_is_drawn_for_every_state(self, invited):
        desk = url("desk", panel=invited.panel_id)
        assert "待答复" in page(people.jiang(), desk)
        room = rooms.seated(invited)
        assert "已签到" in page(people.shen(), desk)
        rooms.scoring_room(rooms.reviewing_room(room))
        assert "工作人员看不到分值" in page(people.feng(), desk)
        assert room.panel.lot.code in page(people.jiang(), url("desks"))

    def test_offers_check_in_at_ones_own_site_only(self, invited):
        for seat in invited.seats:
            rooms.accept(seat)
        text = page(people.jiang(), url("desk", panel=invited.panel_id))
        assert text.count("核验身份并签到") == 3

    def test_has_the_library_in_numbers_and_the_draw(self, opened_lot):
        text = page(people.jiang(), url("library"))
        assert rooms.ROADS in text
        assert people.wu().name not in text
        commit = url("draw-commit", lot=opened_lot.lot.pk)
        assert "新方案" in page(people.jiang(), commit)
        draw = rooms.committed(opened_lot)
        text = page(people.jiang(), commit)
        assert draw.commitment in text
        assert draw.seed not in text

    def test_has_the_representatives_page_for_the_tenderer(self, opened_lot):
        lot = opened_lot.lot
        at = url("representative", tender=lot.tender_id, lot=lot.pk)
        assert "还没有指定代表" in page(people.zhao(), at)
