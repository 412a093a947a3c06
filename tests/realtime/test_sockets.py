"""A hall over websocket: everything, in order, once, and only what one may know."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Membership
from realtime import hub as hubs
from realtime import sockets
from tests import people, worlds
from tests.realtime.kit import ORIGIN, ClosedError, in_database, run, socket
from trading.selectors.streams import lot_public, lot_staff, party_stream, tender_public
from trading.services.opening import desk
from trading.services.opening.state import locked

pytestmark = pytest.mark.django_db(transaction=True)


def told(lot, text="各位请稍候"):
    """Put one event on the lot's public stream."""
    with transaction.atomic():
        desk.say(
            locked(lot.pk), party=None, by_host=True, text=text, actor="tests", now=worlds.ISSUED
        )


def signed_in(who, **facts):
    return people.sign_in(Client(), who, **facts)


@pytest.fixture
def world():
    return worlds.published()


class TestASocket:
    def test_says_at_once_where_the_streams_stand(self, world):
        told(world.lot)

        async def scenario():
            async with socket(world.lot.pk, since={lot_public(world.lot): 1}) as hall:
                return await hall.tell()

        beat = run(scenario())
        assert beat["head"][lot_public(world.lot)] == 1
        assert beat["epoch"] == 1
        assert beat["speed"] == 1

    def test_tells_the_past_and_goes_on_with_what_happens(self, world):
        told(world.lot, "一")

        async def scenario():
            async with socket(world.lot.pk) as hall:
                first = await hall.until("hall.message")
                await in_database(told, world.lot, "二")
                second = await hall.until("hall.message")
                return first, second

        first, second = run(scenario())
        assert [first["b"]["text"], second["b"]["text"]] == ["一", "二"]
        assert second["n"] == first["n"] + 1
        assert second["s"] == lot_public(world.lot)

    def test_does_not_need_the_notification(self, world, monkeypatch):
        monkeypatch.setattr("audit.services.records._tell", lambda streams: None)

        async def scenario():
            async with socket(world.lot.pk) as hall:
                await hall.tell()
                await in_database(told, world.lot)
                return await hall.until("hall.message")

        assert run(scenario())["b"]["by_host"] is True

    def test_does_not_need_the_poll(self, world, monkeypatch):
        monkeypatch.setattr(hubs, "POLL", 30)

        async def scenario():
            async with socket(world.lot.pk) as hall:
                await hall.tell()
                await asyncio.sleep(0.3)  # until LISTEN stands; a hint before it is lost
                await in_database(told, world.lot)
                return await hall.until("hall.message", within=5)

        assert run(scenario())["e"] == "hall.message"

    def test_misses_no_lost_notification_while_another_stream_is_busy(self, world, monkeypatch):
        monkeypatch.setattr("audit.services.records._tell", lambda streams: None)
        busy = tender_public(world.tender)

        async def hints():
            while True:
                hubs.hub().hint(busy)
                await asyncio.sleep(hubs.POLL / 20)

        async def scenario():
            async with socket(world.lot.pk) as hall:
                assert busy in (await hall.tell())["head"]
                storm = asyncio.create_task(hints())
                await in_database(told, world.lot)
                found = await hall.until("hall.message")
                storm.cancel()
                return found

        assert run(scenario())["s"] == lot_public(world.lot)

    def test_survives_whatever_befalls_the_reading(self, world, monkeypatch):
        monkeypatch.setattr("audit.services.records._tell", lambda streams: None)
        grown, failed = hubs.audit.grown, []

        def stumbles(positions):
            if not failed:
                failed.append(positions)
                raise RuntimeError("no error of the database")
            return grown(positions)

        monkeypatch.setattr(hubs.audit, "grown", stumbles)

        async def scenario():
            async with socket(world.lot.pk) as hall:
                await hall.tell()
                await in_database(told, world.lot)
                return await hall.until("hall.message")

        assert run(scenario())["b"]["text"]
        assert failed

    def test_goes_on_where_the_reader_stopped(self, world):
        for text in "一二三":
            told(world.lot, text)
        stream = lot_public(world.lot)

        async def scenario():
            async with socket(world.lot.pk, since={stream: 2}) as hall:
                await hall.next()
                while not await hall.silent():
                    await hall.next()
                return [frame["n"] for frame in hall.frames if frame["s"] == stream]

        assert run(scenario()) == [3]

    def test_reaches_back_beyond_the_ring(self, world, monkeypatch):
        monkeypatch.setattr(hubs, "BATCH", 3)
        for number in range(8):
            told(world.lot, str(number))
        stream = lot_public(world.lot)

        async def scenario():
            async with socket(world.lot.pk) as hall:
                while len([f for f in hall.frames if f["s"] == stream]) < 8:
                    await hall.next()
                return [frame["n"] for frame in hall.frames if frame["s"] == stream]

        assert run(scenario()) == list(range(1, 9))

    def test_repeats_the_heads_as_a_heartbeat(self, world, monkeypatch):
        monkeypatch.setattr(hubs, "BEAT", 0.5)

        async def scenario():
            async with socket(world.lot.pk) as hall:
                await hall.tell()
                await in_database(told, world.lot)
                while len(hall.beats) < 3:
                    await hall.tell()
                return hall.beats

        beats = run(scenario())
        assert beats[-1]["head"][lot_public(world.lot)] == 1
        assert set(beats[-1]) == {"epoch", "now", "speed", "head"}

    def test_answers_a_ping_with_the_time(self, world):
        async def scenario():
            async with socket(world.lot.pk) as hall:
                await hall.tell()
                await hall.communicator.send_to(text_data='{"ping": 7}')
                while "pong" not in (answer := await hall.tell()):
                    pass
                return answer

        assert run(scenario())["pong"] == 7


class TestTheDoor:
    def refused(self, code, **facts):
        async def scenario():
            async with socket(**facts) as hall:
                while True:
                    await hall.tell()

        with pytest.raises(ClosedError) as closed:
            run(scenario())
        assert closed.value.code == code

    def test_is_shut_to_a_page_of_another_site(self, world):
        self.refused(1000, lot=world.lot.pk, headers=[(b"origin", b"http://elsewhere.test")])

    def test_is_shut_to_a_program_that_names_no_site(self, world):
        self.refused(1000, lot=world.lot.pk, headers=[])

    def test_is_open_to_our_own_pages(self, world):
        async def scenario():
            async with socket(world.lot.pk, headers=[ORIGIN]) as hall:
                return await hall.tell()

        assert run(scenario())["epoch"] == 1

    def test_looks_the_same_for_a_draft_and_for_no_lot(self):
        draft = worlds.drafted()
        self.refused(sockets.REFUSED, lot=draft.lot.pk)
        self.refused(sockets.REFUSED, lot=uuid4())

    def test_sends_for_a_snapshot_who_has_seen_what_did_not_happen(self, world):
        self.refused(sockets.STALE, lot=world.lot.pk, since={lot_public(world.lot): 99})

    def test_sends_for_a_snapshot_who_comes_from_another_epoch(self, world):
        self.refused(sockets.STALE, lot=world.lot.pk, epoch=7)

    def test_does_not_understand_a_broken_question(self, world):
        self.refused(sockets.UNREADABLE, lot=world.lot.pk, since={"a": -1})

    def test_does_not_listen_to_a_flood(self, world):
        async def scenario():
            async with socket(world.lot.pk) as hall:
                for _ in range(sockets._PATIENCE + 1):
                    await hall.communicator.send_to(text_data="{}")
                while True:
                    await hall.tell()

        with pytest.raises(ClosedError) as closed:
            run(scenario())
        assert closed.value.code == sockets.RUDE


class TestWhoFollowsWhat:
    def heads(self, world, client):
        async def scenario():
            async with socket(world.lot.pk, client=client) as hall:
                return set((await hall.tell())["head"])

        return run(scenario())

    def test_a_bidder_follows_its_own_part_and_no_other(self, world):
        mine, other = worlds.joined(world, people.sun()), worlds.joined(world, people.li())
        followed = self.heads(world, signed_in(people.sun()))
        assert party_stream(mine) in followed
        assert party_stream(other) not in followed
        assert lot_staff(world.lot) not in followed

    def test_nobody_and_the_stranger_follow_what_is_public(self, world):
        worlds.joined(world, people.sun())
        public = self.heads(world, None)
        assert lot_public(world.lot) in public
        assert public == self.heads(world, signed_in(people.stranger()))
        assert not any("party" in name or "staff" in name for name in public)

    def test_the_host_and_the_supervisor_follow_the_desk(self, world):
        for who in (people.zhao(), people.feng()):
            assert lot_staff(world.lot) in self.heads(world, signed_in(who))

    def test_a_supervisor_without_a_second_proof_is_the_public(self, world):
        followed = self.heads(world, signed_in(people.feng(), strong=False))
        assert lot_staff(world.lot) not in followed

    def test_naming_a_stream_does_not_open_it(self, world):
        other, client = worlds.joined(world, people.li()), signed_in(people.sun())

        async def scenario():
            async with socket(
                world.lot.pk,
                client=client,
                since={party_stream(other): 0, lot_staff(world.lot): 0},
            ) as hall:
                return set((await hall.tell())["head"])

        followed = run(scenario())
        assert party_stream(other) not in followed
        assert lot_staff(world.lot) not in followed

    def test_somebody_whose_role_ended_is_cut_off(self, world, monkeypatch):
        monkeypatch.setattr(hubs, "BEAT", 0.3)
        monkeypatch.setattr(sockets, "ASK_AGAIN", 1)
        client, roles = signed_in(people.feng()), Membership.objects.filter(person=people.feng())

        async def scenario():
            async with socket(world.lot.pk, client=client) as hall:
                await hall.tell()
                await in_database(roles.update, ended_at=worlds.ISSUED)
                while True:
                    await hall.tell()

        with pytest.raises(ClosedError) as closed:
            run(scenario())
        assert closed.value.code == sockets.REFUSED

    def test_somebody_who_signed_out_is_cut_off(self, world, monkeypatch):
        monkeypatch.setattr(hubs, "BEAT", 0.3)
        monkeypatch.setattr(sockets, "ASK_AGAIN", 1)
        worlds.joined(world, people.sun())
        client = signed_in(people.sun())

        async def scenario():
            async with socket(world.lot.pk, client=client) as hall:
                await hall.tell()
                await in_database(client.session.flush)
                while True:
                    await hall.tell()

        with pytest.raises(ClosedError) as closed:
            run(scenario())
        assert closed.value.code == sockets.REFUSED
