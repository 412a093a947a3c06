"""What a score stands on: the reason and the page of a file, on the screen and on paper."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from core.verdicts import Refusal
from evaluation.models import Score
from tests import people
from tests.evaluation import rooms
from tests.evaluation.doors import client_of, get, post, url

pytestmark = pytest.mark.django_db


def cite(room, seat, bid, file, *, page=7):
    return post(
        seat.person,
        url("score", panel=room.panel_id),
        bid=str(bid.pk),
        criterion="plan",
        value="12.5",
        note="护栏和警示灯齐全",
        page=str(page),
        file=str(file),
    )


def words(response):
    pages = PdfReader(BytesIO(response.content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


class TestACitation:
    def test_names_the_file_and_brings_it_back(self, in_scoring):
        seat, bid = in_scoring.seats[0], in_scoring.bids[0]
        file = bid.files.first()
        assert cite(in_scoring, seat, bid, file.pk).status_code == 200
        state = get(seat.person, url("room-state", panel=in_scoring.panel_id)).json()
        (row,) = state["scores"]
        assert (row["file"], row["page"]) == (str(file.pk), 7)

    def test_of_another_bidders_file_is_refused(self, in_scoring):
        seat, (bid, other, *_) = in_scoring.seats[0], in_scoring.bids
        for file in (other.files.first().pk, uuid4()):
            reply = cite(in_scoring, seat, bid, file)
            assert reply.json()["error"]["code"] == "S-054"
        assert not Score.objects.exists()

    def test_stands_on_the_score_sheet_with_its_reason(self, in_scoring):
        room = rooms.scored(in_scoring)
        seat, bid = room.seats[0], room.bids[0]
        row = Score.objects.get(seat=seat, bid=bid, criterion__key="plan")
        row.file, row.page, row.note = bid.files.first(), 7, "护栏和警示灯齐全"
        row.save()
        rooms.locked(room)
        rooms.summarise(room)
        address = url("score-sheets", panel=room.panel_id)
        told = words(client_of(seat.person).get(address))
        assert "护栏和警示灯齐全" in told
        assert f"{row.file.name}第7页" in told
        assert "评标地点苏州市公共资源交易中心" in told
        assert f"评标地点{people.SUZHOU}" not in told


class TestTheReport:
    def test_speaks_of_bidders_criteria_and_places_by_name(self, in_scoring):
        room = rooms.scored(in_scoring)
        seat, bid = room.seats[4], room.bids[0]
        rooms.score(room, seat, bid, "plan", "8")
        rooms.score(room, room.seats[0], bid, "credit", "3")
        rooms.locked(room)
        with pytest.raises(Refusal):
            rooms.summarise(room)
        reopened(room)
        rooms.score(room, room.seats[0], bid, "credit", "10")
        rooms.locked(room)
        rooms.summarise(room)
        body = room.panel.report.body
        name = bid.seat.organisation.name
        (flag,) = body["flags"]
        (fact,) = body["corrections"][0]["facts"]
        assert (flag["name"], flag["title"]) == (name, "施工组织")
        assert (fact["name"], fact["title"]) == (name, "资信")
        told = words(client_of(seat.person).get(url("report", panel=room.panel_id)))
        assert "评标地点苏州市公共资源交易中心" in told
        assert not any(code in told for code in ("“plan”", "credit", people.WENZHOU))
        page = client_of(seat.person).get(url("room", panel=room.panel_id)).content.decode()
        assert f"{name} · 施工组织" in page


def reopened(room):
    """Lift the locks through the leader's door."""
    address = url("reopen", panel=room.panel_id)
    assert post(room.leader.person, address, reason="资信证书核对").status_code == 200
