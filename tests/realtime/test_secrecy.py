"""Before the list nobody learns from a hall who bids or how many, whatever door they use."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from audit.selectors import events_after
from core.verdicts import Refusal
from realtime.frames import frame
from tests import people, worlds
from tests.realtime import crowd
from tests.realtime.kit import run, socket
from tests.secrecy.worlds import bidder as seen_by_nobody
from trading.models import Opening, Party
from trading.selectors import hall
from trading.selectors.hall import Viewer
from trading.services.opening import advance, desk, seating
from trading.services.opening.state import locked
from venues.models import Room

pytestmark = pytest.mark.django_db(transaction=True)
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STAGES = ("SIGN_IN", "START", "COUNT_CHECK")


def a_hall(bids, *, bidder=crowd.bidder):
    """A lot with so many bids, all of whose bidders signed in; and one who joined without."""
    # Each world needs a room of its own at the same hour.
    Room.objects.create(centre=people.centre(), kind="OPENING", name=f"开标室{uuid4().hex[:6]}")
    world = worlds.published()
    idle = worlds.joined(world, people.sun())
    with transaction.atomic():
        advance.open_lobby(lot_id=world.lot.pk, now=worlds.DEADLINE - timedelta(hours=1))
    for number in range(bids):
        who = bidder(number)
        party = worlds.submitted(world, who, price_fen=900_000_000 + number)
        with transaction.atomic():
            seating.sign_in(party=party, person=who, now=worlds.DEADLINE)
    return world, idle


def doors(world, viewer):
    """All a viewer can read: state, every frame of every stream, the pages."""
    opening = Opening.objects.select_related("lot__tender").get(pk=world.lot.pk)
    state = hall.state(opening, viewer)
    frames = [
        json.loads(frame(event).text)
        for stream in hall.streams(opening, viewer)
        for event in events_after(stream, 0, 500)
    ]
    return state, frames


def masked(world, idle, told):
    """Take out what is drawn at random for each world: ids, codes, keys."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    known = [world.lot.pk, world.tender.pk, idle.pk, world.lot.code, world.tender.code]
    for number, name in enumerate(known):
        text = text.replace(str(name), f"<{number}>")
    notices = world.tender.notices.values_list("pk", flat=True)
    for notice in notices:
        text = text.replace(str(notice), "<notice>")
    return text.replace(world.host.kid, "<kid>")


class TestBeforeTheList:
    @pytest.mark.parametrize("who", ["public", "bidder", "staff"])
    def test_a_hall_looks_the_same_with_many_bids_and_with_none(self, who):
        """At the hour itself; the count is for the desk, and only once it was counted."""
        seen = []
        for bids in (0, 4):
            world, idle = a_hall(bids)
            viewer = {
                "public": Viewer(),
                "bidder": Viewer(party=idle),
                "staff": Viewer(is_staff=True),
            }[who]
            worlds.closed(world)
            if bids:
                assert all(b.party_id for b in world.lot.bids.all())
            seen.append(masked(world, idle, doors(world, viewer)))
        assert seen[0] == seen[1]

    def test_names_and_numbers_are_in_no_page(self):
        world, _idle = a_hall(4)
        worlds.closed(world)
        clients = [Client(), people.sign_in(Client(), people.sun()), staff := Client()]
        people.sign_in(staff, people.zhao())
        for stage in STAGES:
            worlds.to_stage(world, stage)
            for client in clients:
                for door in (f"/hall/{world.lot.pk}", f"/hall/{world.lot.pk}/snapshot"):
                    page = client.get(door)
                    assert page.status_code == 200
                    text = page.content.decode()
                    assert not any(name in text for name in crowd.NAMES)
                    assert not any(str(bid.pk) in text for bid in world.lot.bids.all())

    def test_the_list_names_them(self):
        world, _idle = a_hall(4)
        worlds.closed(world)
        worlds.to_stage(world, "LIST")
        text = Client().get(f"/hall/{world.lot.pk}/snapshot").content.decode()
        assert all(name in text for name in crowd.NAMES[:4])

    def test_prices_come_with_the_read_out_and_not_before(self):
        world, _idle = a_hall(3)
        worlds.closed(world)
        worlds.to_stage(world, "DECRYPT_BIDDER")
        for party in world.bidders:
            found = Party.objects.get(pk=party)
            if found.bids.exists():
                worlds.release_own(world, found)
        worlds.step(world)
        worlds.release_host(world)
        address = f"/hall/{world.lot.pk}/snapshot"
        assert "900000001" not in Client().get(address).content.decode()
        worlds.step(world)
        assert "900000001" in Client().get(address).content.decode()

    def test_a_call_would_tell_the_host_that_somebody_bids(self):
        world, idle = a_hall(3)
        call = {"party": idle, "by_host": False, "text": "在吗", "actor": "t"}
        with pytest.raises(Refusal) as refused, transaction.atomic():
            desk.say(locked(world.lot.pk), now=worlds.DEADLINE, **call)
        assert refused.value.reason.code == "O-122"
        worlds.closed(world)
        for stage in ("START", "COUNT_CHECK"):
            worlds.to_stage(world, stage)
            with pytest.raises(Refusal), transaction.atomic():
                desk.say(locked(world.lot.pk), now=worlds.DEADLINE, **call)
        worlds.to_stage(world, "LIST")
        with transaction.atomic():
            assert desk.say(locked(world.lot.pk), now=worlds.DEADLINE, **call)

    def test_a_lot_that_fails_for_too_few_says_no_number(self):
        world, _idle = a_hall(2)
        worlds.closed(world)
        worlds.to_stage(world, "START")
        worlds.step(world)
        for viewer in (Viewer(), Viewer(is_staff=True)):
            state, frames = doors(world, viewer)
            assert state["failed"] == "FAILED_LT3"
            assert state["seats"] == []
            assert "hall.counted" not in {one["e"] for one in frames}


def heard(world, client):
    """All a socket says from the beginning of every stream its viewer may follow."""

    async def scenario():
        async with socket(world.lot.pk, client=client) as hall:
            first = await hall.tell()
        frames = []
        async with socket(
            world.lot.pk, client=client, since=dict.fromkeys(first["head"], 0)
        ) as hall:
            while len(frames) < sum(first["head"].values()):
                frames.append(await hall.next())
        return {"head": first["head"], "frames": frames}

    return run(scenario())


def in_order(world, told):
    """Write every random name as the place where it first appears; instants are the story's."""
    text = json.dumps(told, ensure_ascii=False)
    for name in (world.lot.code, world.tender.code, world.host.kid):
        text = text.replace(name, "*")
    places = {}
    return UUIDS.sub(lambda found: f"<{places.setdefault(found[0], len(places))}>", text)


class TestTheSocket:
    def test_says_the_same_to_every_role_for_none_one_and_fifty_bids(self):
        seen = []
        for bids in (0, 1, 50):
            world, _idle = a_hall(bids, bidder=seen_by_nobody)
            clients = {"anonymous": None}
            for role, who in people.everyone().items():
                clients[str(role)] = people.sign_in(Client(), who)
            early = {role: in_order(world, heard(world, one)) for role, one in clients.items()}
            worlds.closed(world)
            worlds.to_stage(world, "START")
            late = {role: in_order(world, heard(world, one)) for role, one in clients.items()}
            seen.append((early, late))
        assert '"frames": [{' in seen[0][0]["anonymous"]
        assert seen[0][1]["TENDERER"] != seen[0][1]["anonymous"], "the host follows more"
        assert seen[1] == seen[0]
        assert seen[2] == seen[0]


class TestTheWatch:
    def test_is_for_the_centre_s_supervisor_and_is_written_down(self):
        world, _idle = a_hall(0)
        address = f"/watch/{world.lot.pk}"
        supervisor = people.sign_in(Client(), people.feng())
        assert supervisor.get(address).status_code == 200
        looks = [event for event in events_after("access", 0, 500) if event.name == "hall.watched"]
        assert [event.actor for event in looks] == [str(people.feng().pk)]
        assert people.sign_in(Client(), people.sun()).get(address).status_code == 403


class TestTheDesk:
    def test_is_the_host_s_and_the_centre_s_only_when_delegated(self):
        world, _idle = a_hall(0)
        address = f"/desk/open/{world.lot.pk}"
        centre = people.sign_in(Client(), people.yang())
        assert people.sign_in(Client(), people.zhao()).get(address).status_code == 200
        assert centre.get(address).status_code == 409
        with transaction.atomic():
            desk.delegate(locked(world.lot.pk), to_centre=True)
        assert centre.get(address).status_code == 200
        assert people.sign_in(Client(), people.sun()).get(address).status_code == 403
