"""A row of the trail, as somebody reads it who writes no programs."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.services import veil
from audit import words
from audit.models import Event
from audit.selectors.rows import Value, rows, value_of
from audit.services import record
from audit.words import Field
from evaluation.events import Declared
from evaluation.models import Seat
from evaluation.selectors.streams import room as room_of
from tests import people, worlds
from tests.audit.probes import NOON
from tests.evaluation import rooms
from trading.events.award import ReportReceived
from trading.events.opening import SignedIn
from trading.models import Lot, Party
from trading.selectors.streams import party_stream
from trading.services import parties

ID = "0f0f0f0f-1111-4222-8333-444444444444"
HASH = "5412aa0e" + "0" * 56
NAMED = {ID: "1 · 苏州恒筑建设有限公司"}


def said(value, *, key="x", field=None):
    return value_of(value, key=key, field=field or Field(label="某项"), named=NAMED)


class TestAValue:
    @pytest.mark.parametrize(
        ("value", "key", "text"),
        [
            (760_960_000, "price_fen", "¥7,609,600.00"),
            (0, "interest_fen", "¥0.00"),
            (4, "count", "4"),
            (0, "count", "0"),
            ("2026-11-23T04:00:00.123456Z", "ends_at", "2026-11-23 12:00:00"),
            ("2026-11-23", "signed_on", "2026-11-23"),
            (True, "passed", "是"),
            (False, "passed", "否"),
            (None, "ends_at", "—"),
            ("", "clause", "—"),
            ([], "codes", "—"),
            ({}, "votes", "—"),
            (ID, "bid", "1 · 苏州恒筑建设有限公司"),
            ("延长十分钟", "reason", "延长十分钟"),
        ],
    )
    def test_is_said_in_words(self, value, key, text):
        assert said(value, key=key) == Value(text=text)

    def test_shortens_a_hash_and_keeps_the_whole(self):
        assert said(HASH) == Value(text="5412aa0e…", whole=HASH)
        other = ID.replace("0f", "1e")
        assert said(other) == Value(text=f"{other[:8]}…", whole=other)

    def test_says_a_code_in_its_words(self):
        assert said("LOCKED", field=words.label("deposit.locked", "verdict")).text == "已锁定"
        assert said("DECRYPT_BIDDER", field=words.label("hall.stage", "stage")).text == "投标人解密"
        assert said(["LATE"], field=words.label("deposit.locked", "codes")).lines == (
            "到账时间晚于截止时间",
        )

    def test_says_a_list_line_by_line(self):
        lines = [
            {"seat": 1, "state": "OPENED", "code": "", "price_fen": 760_960_000}
            | {"duration_days": 180, "quality": "合格", "manager": "钱程"},
            {"seat": 2, "state": "UNRELEASED", "code": "NO_RELEASE", "price_fen": None},
        ]
        assert said(lines, field=words.label("hall.read_out", "lines")).lines == (
            "1 · ¥7,609,600.00 · 180 天 · 合格 · 钱程",
            "2 · 未解密 · 没有在时间内解密",
        )
        seats = [{"seat": 1, "name": "甲", "members": ["乙"], "signed_in": True}]
        seats[0]["received_at"] = "2026-10-13T05:00:00.009579Z"
        assert said(seats, field=words.label("hall.listed", "seats")).lines == (
            "1 · 甲 + 乙 · 2026-10-13 13:00:00 · 已签到",
        )

    def test_names_ids_inside_lists_and_mappings(self):
        assert said([ID]).lines == (NAMED[ID],)
        assert said({ID: 3}, field=words.label("hall.parties", "parties")).lines == (
            f"3 · {NAMED[ID]}",
        )
        assert said([{"bid": ID, "criterion": "plan"}]).lines == (f"{NAMED[ID]} · plan",)


def of(**question):
    return rows(list(Event.objects.filter(**question).order_by("seq")))


@pytest.mark.django_db
class TestARow:
    def test_names_who_acted_and_for_whom(self):
        world = worlds.published()
        (row,) = of(stream=f"tender/{world.tender.pk}/public", name="tender.published")
        assert str(row.phrase) == "招标公告发布"
        zhao = people.zhao()
        assert row.actor == f"{zhao.name} · {people.organisation_of(zhao).name}"
        assert str(row.title) == f"{world.tender.code} 项目公开记录"

    def test_names_what_acts_without_being_a_person(self):
        world = worlds.closed(worlds.published())
        (row,) = of(name="lot.closed")
        assert str(row.actor) == "系统时钟"
        assert str(row.title) == f"{world.lot.code} 标段公开记录"

    def test_keeps_the_record_as_it_stands_in_its_chain(self):
        worlds.published()
        event = Event.objects.get(name="tender.published")
        (row,) = of(pk=event.pk)
        raw = json.loads(row.raw)
        assert (raw["name"], raw["actor"], raw["body"]) == (event.name, event.actor, event.body)
        assert raw["hash"] == bytes(event.hash).hex()


def signs_in(party: Party, person) -> None:
    """Somebody of the firm signs in to the hall, as the hall writes it down."""
    with transaction.atomic():
        record(
            stream=party_stream(party),
            event=SignedIn(),
            actor=parties.hand_of(party, person_id=person.pk),
            now=worlds.DEADLINE,
        )


def declares(seat: Seat) -> None:
    """A member signs the avoidance statement, as the room writes it down."""
    with transaction.atomic():
        event = Declared(seat=seat.code)
        record(stream=room_of(seat.panel_id), event=event, actor=str(seat.person_id), now=NOON)


@pytest.mark.django_db
class TestABiddersHand:
    def test_is_veiled_before_the_result_yet_told_from_another(self):
        world = worlds.published()
        party = worlds.joined(world, people.sun())
        for person in (people.sun(), people.li(), people.sun()):
            signs_in(party, person)
        one, other, again = (row.actor for row in of(name="hall.signed_in"))
        assert one == again != other
        assert str(one).startswith("投标人经办人 · 代号 ")
        assert "孙立" not in str(one)

    def test_has_its_name_once_the_result_is_out(self, client):
        world = rooms.opened()
        party = parties.find(
            lot_id=world.lot.pk, organisation_id=people.organisation_of(people.sun()).pk
        )
        signs_in(party, people.sun())
        worlds.log_ticks(now=worlds.DEADLINE + timedelta(hours=2))
        (row,) = of(name="hall.signed_in")
        assert row.actor == "孙立 · 苏州恒筑建设有限公司"
        assert str(row.title) == f"{world.lot.code} 投标人记录 · 苏州恒筑建设有限公司"
        people.sign_in(client, people.feng())
        found = client.get("/audit", {"person": "孙立"}).context["rows"]
        assert "hall.signed_in" in {row.name for row in found}

    def test_stays_veiled_where_the_word_was_made_for_another_lot(self):
        world = rooms.opened()
        worlds.log_ticks(now=worlds.DEADLINE + timedelta(hours=2))
        word = veil.mask(people.sun().pk, within=uuid4())
        for actor in (word, "system:clock"):
            with transaction.atomic():
                stream = f"lot/{world.lot.pk}/staff"
                record(
                    stream=stream, event=ReportReceived(report_sha256=HASH), actor=actor, now=NOON
                )
        veiled, clock = (str(row.actor) for row in of(name="lot.reported"))
        assert (veiled, clock) == (f"投标人经办人 · 代号 {word[-6:]}", "系统时钟")


@pytest.mark.django_db
class TestAMemberOfAPanel:
    @pytest.fixture
    def seat(self):
        room = rooms.at_review()
        seat = room.panel.seats.select_related("panel", "person").earliest("code")
        declares(seat)
        return seat

    def shown(self, seat):
        *_, row = of(stream=room_of(seat.panel_id), name="panel.declared")
        return row

    def test_is_a_seat_until_the_result_is_determined(self, seat):
        row = self.shown(seat)
        assert str(row.actor).startswith(f"评委 {seat.code}")
        assert row.actor_id == ""
        assert str(seat.person_id) not in row.raw
        assert seat.person.name not in row.raw

    def test_is_a_seat_on_the_lots_own_stream_too(self, seat):
        with transaction.atomic():
            record(
                stream=f"lot/{seat.panel.lot_id}/staff",
                event=ReportReceived(report_sha256=HASH),
                actor=str(seat.person_id),
                now=NOON,
            )
        (row,) = of(name="lot.reported")
        assert str(row.actor).startswith(f"评委 {seat.code}")

    def test_is_named_afterwards(self, seat):
        Lot.objects.filter(pk=seat.panel.lot_id).update(state="NOTICE_SENT")
        assert str(self.shown(seat).actor).startswith(seat.person.name)

    def test_is_not_found_by_id_before(self, seat, client):
        people.sign_in(client, people.feng())
        question = {"actor": str(seat.person_id), "name": "panel.declared"}
        assert client.get("/audit", question).context["rows"] == []
        Lot.objects.filter(pk=seat.panel.lot_id).update(state="NOTICE_SENT")
        assert len(client.get("/audit", question).context["rows"]) == 1

    def test_is_never_found_by_name(self, seat, client):
        people.sign_in(client, people.feng())
        found = client.get("/audit", {"person": seat.person.name}).context["rows"]
        assert [row for row in found if row.stream.startswith("panel/")] == []


@pytest.mark.django_db
class TestANumber:
    def look(self, client, **question):
        people.sign_in(client, people.feng())
        return client.get("/audit", question)

    def test_finds_every_stream_of_a_lot(self, client):
        world = rooms.opened()
        worlds.log_ticks(now=worlds.DEADLINE + timedelta(hours=2))
        answer = self.look(client, number=f" {world.lot.code.lower()} ")
        streams = [chain.stream for chain, _name in answer.context["chains"]]
        parties = Party.objects.filter(lot=world.lot)
        wanted = {f"lot/{world.lot.pk}/public", f"lot/{world.lot.pk}/staff"}
        wanted |= {f"lot/{world.lot.pk}/party/{party.pk}" for party in parties}
        assert wanted <= set(streams)
        assert streams[0] == f"lot/{world.lot.pk}/public"
        assert all(chain.findings.valid for chain, _name in answer.context["chains"])
        assert "标段公开记录" in answer.content.decode()

    def test_finds_a_tender_with_its_lots(self, client):
        world = worlds.published()
        answer = self.look(client, number=world.tender.code)
        streams = {chain.stream for chain, _name in answer.context["chains"]}
        assert f"tender/{world.tender.pk}/public" in streams
        assert {row.stream for row in answer.context["rows"]} <= streams

    def test_says_so_when_there_is_none(self, client):
        answer = self.look(client, number="E0000000000000000000")
        assert "没有符合条件的记录" in answer.content.decode()
        trace = Event.objects.get(name="trail.searched")
        assert trace.body["number_sought"] == "E0000000000000000000"


@pytest.mark.django_db
class TestAPerson:
    def test_is_found_by_name(self, client):
        worlds.published()
        people.sign_in(client, people.feng())
        found = client.get("/audit", {"person": people.zhao().name}).context["rows"]
        assert {row.actor_id for row in found} == {str(people.zhao().pk)}
        assert "tender.published" in {row.name for row in found}
