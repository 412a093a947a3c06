"""Many readers of one hall: those who come and go, those who take nothing, those in two tabs."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from django.db import transaction

from audit.models import StreamHead
from audit.services import record
from realtime import hub as hubs
from realtime import sockets
from realtime.rooms import hall as room
from tests import people, worlds
from tests.realtime.kit import ClosedError, in_database, run, socket
from tests.realtime.test_sockets import signed_in, told
from trading.events.opening import WindowExtended
from trading.selectors.streams import lot_public
from trading.services.opening import advance, seating

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return worlds.published()


class TestManyReaders:
    def test_who_come_and_go_miss_nothing_and_hear_nothing_twice(self, world):
        """Forty clients that break off after every few frames, while thirty things happen."""
        count, readers = 30, 40
        stream = lot_public(world.lot)

        async def reader(number):
            seen = []
            while len(seen) < count:
                at = seen[-1] if seen else 0
                async with socket(world.lot.pk, since={stream: at}) as hall:
                    for _ in range(1 + (number + len(seen)) % 5):
                        frame = await hall.next(10)
                        if frame["s"] == stream:
                            seen.append(frame["n"])
                        if len(seen) == count:
                            break
            return seen

        async def writer():
            for number in range(count):
                await in_database(told, world.lot, str(number))

        async def scenario():
            found = await asyncio.gather(writer(), *(reader(number) for number in range(readers)))
            return found[1:]

        assert run(scenario()) == [list(range(1, count + 1))] * readers

    def test_a_stream_nobody_follows_is_forgotten(self, world):
        async def scenario():
            async with socket(world.lot.pk) as hall:
                await hall.tell()
                during = len(hubs.hub()._streams)
            return during, len(hubs.hub()._streams)

        assert run(scenario()) == (2, 0)

    def test_a_reader_that_takes_nothing_is_cut_off_and_delays_nobody(self, world, monkeypatch):
        monkeypatch.setattr(hubs, "STALL", 0.5)

        async def scenario():
            stuck = asyncio.Event()
            closing = asyncio.Event()
            codes = []

            async def send(message):
                if message["type"] == "websocket.close":
                    codes.append(message["code"])
                    closing.set()
                elif "text" in message and '"n"' in message["text"]:
                    await stuck.wait()  # its network takes no more

            opened = asyncio.Queue()
            opened.put_nowait({"type": "websocket.connect"})
            scope = {
                "type": "websocket",
                "headers": [],
                "query_string": b"",
                "url_route": {"kwargs": {"lot": world.lot.pk}},
            }
            slow = asyncio.create_task(sockets.socket(room.admit)(scope, opened.get, send))
            async with socket(world.lot.pk) as hall:
                await hall.tell()
                await in_database(told, world.lot)
                frame = await hall.until("hall.message", within=1)
                await asyncio.wait_for(closing.wait(), 5)
            await slow
            return frame, codes

        frame, codes = run(scenario())
        assert frame["e"] == "hall.message"
        assert codes == [sockets.SLOW]

    def test_two_tabs_hear_the_same(self, world):
        party = worlds.joined(world, people.sun())
        client = signed_in(people.sun())

        async def scenario():
            async with (
                socket(world.lot.pk, client=client) as one,
                socket(world.lot.pk, client=client) as two,
            ):
                await one.tell()
                await two.tell()
                await in_database(signs_in, party, people.sun)
                return await one.until("hall.signed_in"), await two.until("hall.signed_in")

        one, two = run(scenario())
        assert one == two


def signs_in(party, who):
    with transaction.atomic():
        advance.open_lobby(lot_id=party.lot_id, now=worlds.DEADLINE - timedelta(hours=1))
        seating.sign_in(party=party, person=who(), now=worlds.DEADLINE - timedelta(minutes=5))


class TestARestoredDatabase:
    def test_sends_its_readers_for_a_snapshot(self, world):
        """A stream whose numbers jump has another past than the readers were told."""
        stream = lot_public(world.lot)

        def rewritten():
            StreamHead.objects.filter(stream=stream).update(seq=5)
            with transaction.atomic():
                record(
                    stream=stream,
                    event=WindowExtended(ends_at="2026-11-23T06:30:00.000000Z", reason="…"),
                    actor="tests",
                    now=worlds.ISSUED,
                )

        told(world.lot)

        async def scenario():
            async with socket(world.lot.pk) as hall:
                await hall.until("hall.message")
                await in_database(rewritten)
                while True:
                    await hall.tell()

        with pytest.raises(ClosedError) as closed:
            run(scenario())
        assert closed.value.code == sockets.STALE
