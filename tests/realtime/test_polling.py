"""The hall by long polling, where websockets are broken: the same frames, one request at a time."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import quote

import pytest
from channels.testing import HttpCommunicator

from tests import people, worlds
from tests.realtime.kit import in_database, run
from tests.realtime.test_sockets import signed_in, told
from trading.selectors.streams import lot_public, party_stream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return worlds.published()


async def ask(lot, *, since=None, wait=0, epoch=1, client=None):
    """Ask once and return status and answer."""
    from config.asgi import application

    headers = []
    if client is not None:
        told = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
        headers = [(b"cookie", told.encode())]
    query = f"since={quote(json.dumps(since or {}))}&wait={wait}&epoch={epoch}"
    path = f"/hall/{lot}/events?{query}"
    reply = await HttpCommunicator(application, "GET", path, headers=headers).get_response(10)
    return reply["status"], json.loads(reply["body"])


class TestALongPoll:
    def test_answers_at_once_with_what_there_is(self, world):
        told(world.lot, "一")
        status, answer = run(ask(world.lot.pk, wait=20))
        assert status == 200
        public = [one for one in answer["events"] if one["s"] == lot_public(world.lot)]
        assert [one["b"]["text"] for one in public] == ["一"]
        assert answer["head"][lot_public(world.lot)] == 1

    def test_waits_for_what_comes(self, world):
        async def scenario():
            _status, first = await ask(world.lot.pk)
            waiting = asyncio.create_task(ask(world.lot.pk, since=first["head"], wait=8))
            await asyncio.sleep(0.3)
            assert not waiting.done()
            await in_database(told, world.lot, "二")
            return await waiting

        _status, answer = run(scenario())
        assert [one["b"]["text"] for one in answer["events"]] == ["二"]

    def test_comes_back_empty_when_nothing_happens(self, world):
        async def scenario():
            _status, first = await ask(world.lot.pk)
            return await ask(world.lot.pk, since=first["head"], wait=0.2)

        status, answer = run(scenario())
        assert (status, answer["events"]) == (200, [])

    def test_gives_a_bidder_its_own_stream(self, world):
        party = worlds.joined(world, people.sun())
        _status, mine = run(ask(world.lot.pk, client=signed_in(people.sun())))
        _status, others = run(ask(world.lot.pk))
        assert party_stream(party) in mine["head"]
        assert party_stream(party) not in others["head"]

    def test_sends_for_a_snapshot(self, world):
        ahead = {lot_public(world.lot): 9}
        assert run(ask(world.lot.pk, since=ahead))[0] == 409
        assert run(ask(world.lot.pk, epoch=4))[0] == 409

    def test_knows_no_draft(self):
        assert run(ask(worlds.drafted().lot.pk))[0] == 404
