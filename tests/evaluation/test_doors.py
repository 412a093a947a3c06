"""The doors: a whole panel by HTTP alone, who may knock, and what nobody gets to see."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Role
from evaluation.models import Panel, ReportSignature
from tests import people, worlds
from tests.accounts.authority import Authority
from tests.evaluation import rooms
from tests.evaluation.doors import client_of, get, post, post_file, url
from trading.models import Lot

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority(settings, tmp_path, clock, db):
    clock.set(rooms.MEETS)
    made = Authority()
    made.trust(settings, tmp_path, at=clock.now())
    return made


@pytest.fixture
def staff(opened_lot):
    """Evaluation staff of both sites."""
    there = people.person("lin", "林月")
    people.member(there, Role.CENTRE_EVALUATION, of=people.centre(people.WENZHOU))
    return {people.SUZHOU: people.jiang(), people.WENZHOU: there}


def ok(response):
    assert response.status_code == 200, response.content.decode()
    return response.json()


class TestAPanelByHttp:
    # One long walk is what is shown here.
    def test_goes_from_the_library_to_the_delivered_report(  # noqa: C901
        self, opened_lot, staff, authority
    ):
        lot, desk = opened_lot.lot, staff[people.SUZHOU]
        entry = {
            "username": "newcomer",
            "name": "新人",
            "specialties": ["园林"],
            "site": people.SUZHOU,
            "employer": "苏州大学",
        }
        told = ok(post_file(desk, url("library"), [entry]))
        assert set(told["experts"]) == {"newcomer"}
        wanted = [
            {"specialty": rooms.ROADS, "site": people.SUZHOU, "count": 3},
            {"specialty": rooms.ROADS, "site": people.WENZHOU, "count": 2},
        ]
        plan = {"wanted": json.dumps(wanted), "meets_at": rooms.MEETS.isoformat()}
        draw = ok(post(desk, url("draw-commit", lot=lot.pk), **plan))["draw"]
        hold = url("draw-hold", draw=draw)
        assert post(desk, hold).json()["error"]["code"] == "S-012"
        worlds.log_ticks(now=rooms.MEETS)
        drawn = ok(post(desk, hold))
        assert drawn["seats"] == ["E-01", "E-02", "E-03", "E-04", "E-05"]
        panel = drawn["panel"]

        members = [seat.person for seat in Panel.objects.get(pk=panel).seats.all()]
        for member in members:
            (mine,) = ok(get(member, url("invitations-state")))["invitations"]
            assert mine["panel"] is None
            ok(post(member, url("answer", seat=mine["seat"]), accept="1"))
        seats = ok(get(desk, url("desk-state", panel=panel)))["seats"]
        for seat in seats:
            at = url("check-in", panel=panel, seat=seat["seat"])
            ok(post(staff[seat["site"]], at))

        room = url("room-state", panel=panel)
        for member in members:
            bidders = ok(get(member, room))["bidders"]
            answers = [{"party": row["party"], "related": False} for row in bidders]
            ok(
                post(
                    member,
                    url("declare", panel=panel),
                    authority=authority,
                    purpose="approve",
                    answers=json.dumps(answers),
                )
            )
        for member in members:
            ok(post(member, url("leader", panel=panel), seat=seats[1]["seat"]))
        for member in members:
            told = ok(post(member, url("criteria-read", panel=panel)))
        assert told["state"] == "REVIEW"
        leader = members[1]
        bids = [row["bid"] for row in ok(get(leader, room))["bids"]]
        for member in members:
            for bid in bids:
                ok(post(member, url("review", panel=panel), bid=bid, passed="1"))
        assert ok(post(leader, url("review-close", panel=panel)))["state"] == "SCORING"
        for member in members:
            for bid in bids:
                for key, value in (("plan", "20.5"), ("safety", "12"), ("credit", "8")):
                    cell = {"bid": bid, "criterion": key, "value": value}
                    # The autosave of the workbench sends no command.
                    ok(client_of(member).post(url("score", panel=panel), cell))
            seen = ok(get(member, room))["me"]["scores_sha256"]
            locked = ok(
                post(
                    member,
                    url("lock", panel=panel),
                    authority=authority,
                    purpose="approve",
                    scores_sha256=seen,
                )
            )
            assert locked["scores_sha256"] == seen
        told = ok(post(leader, url("summary", panel=panel)))
        assert told["state"] == "SIGNING"
        for member in members:
            dissent = {"agrees": "0", "opinion": "工期偏短"} if member == members[4] else {}
            signed = ok(
                post(
                    member,
                    url("sign", panel=panel),
                    authority=authority,
                    purpose="report",
                    report_sha256=told["report_sha256"],
                    **({"agrees": "1"} | dissent),
                )
            )
        assert signed["state"] == "REPORTED"
        assert Lot.objects.get(pk=lot.pk).state == "REPORTED"

        tenderer = people.zhao()
        told = ok(get(tenderer, url("lot-state", tender=lot.tender_id, lot=lot.pk)))
        assert [row["agrees"] for row in told["report"]["signed"]] == [True] * 4 + [False]
        for paper in ("report", "score-sheets"):
            response = get(tenderer, url(paper, panel=panel))
            assert response.content.startswith(b"%PDF-")
        case = ok(get(people.feng(), url("case", panel=panel)))
        assert set(case) == {"case", "outcome"}


class TestGivingADrawUp:
    def test_is_a_colleagues_to_do_and_stands_on_the_page(self, opened_lot, clock):
        clock.set(rooms.MEETS)
        lot, desk = opened_lot.lot, people.jiang()
        colleague = people.person("mu", "穆青")
        people.member(colleague, Role.CENTRE_EVALUATION, of=people.centre())
        draw = rooms.committed(opened_lot)
        door, why = url("draw-give-up", draw=draw.pk), "评审时间有变"
        assert post(desk, door, reason=why).json()["error"]["code"] == "S-018"
        assert post(colleague, door, reason="").status_code == 422
        assert post(people.zhao(), door, reason=why).status_code == 403
        assert ok(post(colleague, door, reason=why))["number"] == 1
        page = client_of(desk).get(url("draw-commit", lot=lot.pk)).content.decode()
        assert why in page
        assert url("draw-hold", draw=draw.pk) not in page
        (told,) = ok(get(desk, url("draw-state", lot=lot.pk)))["draws"]
        assert (told["number"], told["given_up"]) == (1, why)

    def test_is_told_in_the_report(self, opened_lot):
        rooms.given_up(rooms.committed(opened_lot))
        room = rooms.locked(
            rooms.scored(
                rooms.scoring_room(rooms.reviewing_room(rooms.seated(rooms.drawn(opened_lot))))
            )
        )
        rooms.summarise(room)
        assert room.panel.report.body["draw"] == {
            "number": 2,
            "given_up": [{"number": 1, "reason": "评审时间有变"}],
        }


class TestLocking:
    def test_names_the_scores_it_signs(self, in_scoring, authority):
        room = rooms.scored(in_scoring)
        member = room.seats[0].person
        door = url("lock", panel=room.panel_id)
        answer = post(member, door, authority=authority, purpose="approve")
        assert answer.status_code == 422
        assert set(answer.json()["error"]["fields"]) == {"scores_sha256"}


class TestSigning:
    def test_is_over_the_report_as_it_is(self, in_signing):
        from core.verdicts import Refusal

        with pytest.raises(Refusal) as refused:
            rooms.sign(in_signing, in_signing.seats[0], sha256="0" * 64)
        assert refused.value.reason.code == "S-050"
        rooms.sign(in_signing, in_signing.seats[0])
        with pytest.raises(Refusal) as refused:
            rooms.sign(in_signing, in_signing.seats[0])
        assert refused.value.reason.code == "S-052"

    def test_lets_a_member_dissent_with_an_opinion(self, in_signing):
        for seat in in_signing.seats:
            rooms.sign(in_signing, seat, opinion="工期偏短" if seat.number == 2 else "")
        assert in_signing.panel.state == "REPORTED"
        row = ReportSignature.objects.get(seat__panel=in_signing.panel, agrees=False)
        assert (row.seat.code, row.opinion) == ("E-02", "工期偏短")
        assert in_signing.panel.report.signed_sha256 != in_signing.panel.report.pdf_sha256

    def test_records_who_neither_signs_nor_explains_as_agreeing(self, in_signing):
        close = url("close-signing", panel=in_signing.panel_id)
        assert post(people.jiang(), close).json()["error"]["code"] == "S-053"
        for seat in in_signing.seats[:4]:
            rooms.sign(in_signing, seat)
        assert ok(post(people.jiang(), close))["state"] == "REPORTED"
        row = ReportSignature.objects.get(seat=in_signing.seats[4])
        assert (row.agrees, row.signature) == (True, None)


SECRETS = ("17.5", "20.5", "21.5")  # scores that occur nowhere else


def with_secrets(room):
    """Give every member scores one can search for."""
    rooms.scored(room)
    for seat in room.seats:
        for bid, value in zip(room.bids, SECRETS, strict=True):
            rooms.score(room, seat, bid, "plan", value, note="机密理由")
    return room


class TestWhatStaffSee:
    @pytest.mark.parametrize("who", [people.jiang, people.shen, people.feng])
    def test_is_progress_and_not_one_score(self, in_scoring, who, clock):
        # The page's clock shows parts of a second, and "17.5" is one of them now and then.
        clock.set(rooms.MEETS)
        room = with_secrets(in_scoring)
        before = (
            get(who(), url("desk-state", panel=room.panel_id)).content,
            get(who(), url("desk", panel=room.panel_id)).content,
        )
        for text in before:
            assert not any(secret.encode() in text for secret in (*SECRETS, "机密理由"))
        state = json.loads(before[0])
        assert {row["progress"]["done"] for row in state["seats"]} == {9}
        # The same bytes whatever was scored.
        rooms.score(room, room.seats[0], room.bids[0], "plan", "1")
        after = json.loads(get(who(), url("desk-state", panel=room.panel_id)).content)
        assert after == state

    def test_stays_so_when_the_report_is_there(self, in_signing):
        for name in ("report", "score-sheets", "case"):
            assert get(people.jiang(), url(name, panel=in_signing.panel_id)).status_code == 404

    def test_has_no_names_before_the_day(self, invited, clock):
        clock.set(rooms.MEETS - timedelta(hours=5))
        for seat in invited.seats:
            rooms.accept(seat)
        address = url("desk-state", panel=invited.panel_id)
        assert {row["name"] for row in get(people.jiang(), address).json()["seats"]} == {None}
        clock.set(rooms.MEETS - timedelta(minutes=30))
        named = {row["site"]: row["name"] for row in get(people.jiang(), address).json()["seats"]}
        assert named[people.SUZHOU]
        assert named[people.WENZHOU] is None


class TestWhatMembersSee:
    def test_is_their_own_scores_until_the_summary(self, in_scoring):
        room = with_secrets(in_scoring)
        me = room.seats[0]
        rooms.score(room, me, room.bids[0], "plan", "3")
        for seat in room.seats:
            rooms.lock(room, seat)
        state = get(me.person, url("room-state", panel=room.panel_id)).json()
        assert state["result"] is None
        mine = [row["value"] for row in state["scores"] if row["criterion"] == "plan"]
        assert sorted(mine) == ["20.5", "21.5", "3"]
        assert json.dumps(state).count("17.5") == 0
        rooms.summarise(room)
        state = get(me.person, url("room-state", panel=room.panel_id)).json()
        assert {row["member"] for row in state["result"]["scores"]} == {
            seat.code for seat in room.seats
        }

    def test_names_no_bidder_before_check_in_and_ties_none_to_a_bid_before_the_statement(
        self, invited
    ):
        firm = people.organisation_of(people.sun()).name
        seat = invited.seats[0]
        for one in invited.seats:
            rooms.accept(one)
        address = url("room-state", panel=invited.panel_id)
        assert firm not in get(seat.person, address).content.decode()
        for one in invited.seats:
            rooms.check_in(invited, one)
        state = get(seat.person, address).json()
        assert firm in [row["name"] for row in state["bidders"]]
        assert all(set(row) == {"bid", "label"} for row in state["bids"])
        rooms.declare(invited, one := invited.seats[0])
        named = get(one.person, address).json()["bids"]
        assert firm in [row["name"] for row in named]

    def test_reads_others_opinions_only_when_all_have_signed(self, in_signing):
        first, second = in_signing.seats[:2]
        rooms.sign(in_signing, first, opinion="工期偏短")
        address = url("room-state", panel=in_signing.panel_id)
        assert "工期偏短" not in get(second.person, address).content.decode("unicode_escape")
        assert get(second.person, address).json()["report"]["signed"] == []
        assert get(first.person, address).json()["report"]["signed"][0]["opinion"] == "工期偏短"


class TestWhoMayKnock:
    READING = ("room", "room-state", "report", "score-sheets", "case")
    ACTS = (
        "declare",
        "leader",
        "criteria-read",
        "review",
        "review-close",
        "score",
        "lock",
        "reopen",
        "summary",
        "sign",
    )

    def test_nobody_without_a_seat_acts_in_a_room(self, in_signing, authority):
        seated = {seat.person_id for seat in in_signing.seats}
        others = [who for who in people.everyone().values() if who.pk not in seated]
        assert len(others) >= 10
        for who in others:
            for name in self.ACTS:
                purpose = {"declare": "approve", "lock": "approve", "sign": "report"}.get(name)
                at = url(name, panel=in_signing.panel_id)
                response = post(who, at, authority=authority, purpose=purpose)
                assert response.status_code == 404, (who, name)
        me = in_signing.seats[0].person
        assert post(me, url("summary", panel=in_signing.panel_id)).status_code == 409

    def test_nobody_else_reads_a_room_before_the_report(self, in_signing):
        outside = (people.sun, people.yang, people.chen, people.admin, people.stranger)
        for who in outside:
            for name in self.READING:
                response = get(who(), url(name, panel=in_signing.panel_id))
                assert response.status_code == 404, (who, name)
        for who in (people.zhao, people.feng):
            for name in ("report", "score-sheets", "case"):
                assert get(who(), url(name, panel=in_signing.panel_id)).status_code == 403
        told = get(people.zhao(), url("room-state", panel=in_signing.panel_id)).json()
        assert told == {"report": None}
        me = in_signing.seats[0].person
        for name in self.READING:
            assert get(me, url(name, panel=in_signing.panel_id)).status_code == 200

    def test_only_evaluation_staff_of_the_centre_draw(self, opened_lot):
        lot = opened_lot.lot
        elsewhere = people.person("lin", "林月")
        people.member(elsewhere, Role.CENTRE_EVALUATION, of=people.centre(people.WENZHOU))
        draws = url("draw-state", lot=lot.pk)
        assert get(elsewhere, draws).status_code == 404
        assert get(people.jiang(), draws).json() == {"draws": []}
        for role, who in people.everyone().items():
            expected = 200 if role == Role.CENTRE_EVALUATION else 403
            assert get(who, draws).status_code == expected, role

    def test_identity_is_checked_at_the_members_own_site(self, invited):
        for seat in invited.seats:
            rooms.accept(seat)
        there = next(seat for seat in invited.seats if seat.site == people.WENZHOU)
        here = invited.seats[0]
        for seat, status in ((there, 404), (here, 200)):
            at = url("check-in", panel=invited.panel_id, seat=seat.pk)
            assert post(people.jiang(), at).status_code == status

    def test_visitors_are_sent_to_sign_in(self, invited):
        for name in ("room", "room-state", "report", "case", "desk", "desk-state"):
            response = Client().get(url(name, panel=invited.panel_id))
            assert response.status_code == 302, name
