"""What /my says is to be done in evaluation: there while it waits, gone once it is done."""

from __future__ import annotations

import pytest

from accounts.models import Todo
from evaluation.services import due
from tests import people
from tests.evaluation import rooms
from trading.models import Lot

pytestmark = pytest.mark.django_db


def lines(owner):
    """Return the open lines of a person or an organisation."""
    field = "person" if hasattr(owner, "username") else "organisation"
    found = Todo.objects.filter(**{field: owner}, done_at__isnull=True)
    return sorted(found.values_list("text", flat=True))


def stages(seat):
    return [text.split("：")[0] for text in lines(seat.person)]


class TestAMember:
    def test_is_called_to_the_site_without_the_projects_name(self, invited):
        seat = invited.seats[0]
        assert lines(seat.person) == ["答复评审邀请"]
        rooms.accept(seat)
        assert lines(seat.person) == ["到评标现场签到，参加评审"]

    def test_has_one_line_a_step_and_none_of_the_step_before(self, invited):
        room = rooms.seated(invited)
        first, *others = room.seats
        assert stages(first) == ["签署回避声明"]
        assert room.panel.lot.tender.title in lines(first.person)[0]
        for seat in room.seats:
            rooms.declare(room, seat)
        assert stages(first) == ["推选评标委员会组长"]
        for seat in room.seats:
            rooms.vote_leader(room, seat, first)
        assert stages(first) == ["阅读评标办法和标准"]
        for seat in room.seats:
            rooms.read_criteria(room, seat)
        assert stages(first) == ["表决初步评审"]
        for seat in room.seats:
            for bid in room.bids:
                rooms.vote(room, seat, bid)
        assert stages(first) == ["统计初步评审表决"]
        assert stages(others[0]) == []

    def test_scores_locks_and_signs_and_the_leader_sums_up(self, in_scoring):
        room = rooms.scored(in_scoring)
        member = next(seat for seat in room.seats if seat != room.leader)
        assert stages(member) == ["评分并锁定"]
        rooms.locked(room)
        assert stages(member) == []
        assert stages(room.leader) == ["汇总评分，生成评标报告"]
        rooms.summarise(room)
        assert stages(room.leader) == stages(member) == ["签署评标报告"]
        for seat in room.seats:
            rooms.sign(room, seat)
        assert stages(room.leader) == stages(member) == []


class TestTheClock:
    def test_tells_the_staff_to_draw_until_a_panel_is_drawn(self, opened_lot):
        people.jiang(), people.shen()
        due.tick(rooms.MEETS)
        assert any(text.startswith("抽取评标专家：") for text in lines(people.jiang()))
        assert lines(people.shen()) == []  # another centre's
        rooms.drawn(opened_lot)
        due.tick(rooms.MEETS)
        assert lines(people.jiang()) == []

    @pytest.mark.parametrize(
        ("state", "told"),
        [
            ("OPENED", "移交评标"),
            ("REPORTED", "收到评标报告，公示中标候选人"),
            ("CANDIDATES_PUBLISHED", "候选人公示中，期满无异议后确定中标人"),
            ("AWARDED", "发出中标通知书"),
            ("NOTICE_SENT", "签订合同并登记"),
            ("CONTRACTED", None),
        ],
    )
    def test_tells_the_tenderer_what_the_lot_waits_for(self, opened_lot, state, told):
        lots = Lot.objects.filter(pk=opened_lot.lot.pk)
        lots.update(state="OPENED")
        due.tick(rooms.MEETS)
        lots.update(state=state)
        due.tick(rooms.MEETS)
        due.tick(rooms.MEETS)
        firm = opened_lot.tender.procuring_entity
        assert [text.split("：")[0] for text in lines(firm)] == ([told] if told else [])
