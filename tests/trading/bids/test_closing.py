"""At the deadline the set of live bids is committed to: exactly the right ones, unseen."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Event, LogEntry
from core.verdicts import Refusal
from sealing.encoding import b64u
from sealing.log import set_root
from tests import people, worlds
from trading.models import Bid, Lot, Opening, Submission
from trading.selectors.streams import lot_public
from trading.services import closing, due, sealed_files, submission, uploads, withdrawal
from trading.services.closing import GRACE

D = worlds.DEADLINE
PRICE = 950_000_000
BIDDERS = (people.sun, people.li, people.zhou)


@pytest.fixture
def world(db):
    return worlds.published()


class TestClosing:
    def test_is_done_by_the_clock_once_the_grace_is_over(self, world):
        due.tick(D + GRACE - timedelta(microseconds=1))
        assert Lot.objects.get(pk=world.lot.pk).state == "SUBMISSION"
        due.tick(D + GRACE)
        assert Lot.objects.get(pk=world.lot.pk).state == "CLOSED"

    def test_is_done_once(self, world):
        assert closing.close(lot_id=world.lot.pk, now=D + GRACE)
        assert not closing.close(lot_id=world.lot.pk, now=D + GRACE)
        assert LogEntry.objects.filter(kind="tender.close").count() == 1

    def test_settles_first_what_arrived_in_time(self, world):
        party = worlds.joined(world, people.sun())
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        taken = worlds.received(world, party, content, at=D - timedelta(microseconds=1))
        worlds.closed(world)
        assert Submission.objects.get(pk=taken.pk).state == "ACCEPTED"
        assert committed(world)["count"] == 1

    def test_waits_for_an_intent_that_has_not_settled(self, world, monkeypatch):
        party = worlds.joined(world, people.sun())
        content = worlds.sealed_for(world, party, price_fen=PRICE)
        worlds.received(world, party, content, at=D - timedelta(seconds=1))
        with monkeypatch.context() as patch:  # another process is still at it
            patch.setattr(submission, "settle", lambda **_: None)
            assert not closing.close(lot_id=world.lot.pk, now=D + GRACE)
        assert Lot.objects.get(pk=world.lot.pk).state == "SUBMISSION"
        assert closing.close(lot_id=world.lot.pk, now=D + GRACE)

    def test_of_one_lot_is_not_held_up_by_another_that_fails(self, world, monkeypatch):
        broken = uuid4()
        whole = closing.due
        monkeypatch.setattr(closing, "due", lambda *, now: [broken, *whole(now=now)])
        due.tick(D + GRACE)
        assert Lot.objects.get(pk=world.lot.pk).state == "CLOSED"

    def test_does_not_say_how_many_there_are(self, world):
        for bidder in BIDDERS:
            worlds.submitted(world, bidder(), price_fen=PRICE)
        worlds.closed(world)
        said = Event.objects.get(stream=lot_public(world.lot), name="lot.closed")
        assert set(said.body) == {"deadline_at"}

    def test_ends_submitting_and_withdrawing(self, world):
        party = worlds.submitted(world, people.sun(), price_fen=PRICE)
        worlds.closed(world)
        assert act_refused(lambda: withdraw(party, now=D + GRACE)) == "B-010"
        party.lot.refresh_from_db()
        begun = lambda: uploads.begin(party=party, lot=party.lot, length=9, now=D + GRACE)  # noqa: E731
        assert act_refused(begun) == "B-010"


class TestTheClosedSet:
    @given(
        acts=st.lists(
            st.tuples(
                st.sampled_from(["submit", "late", "plain", "withdraw", "repeat"]),
                st.integers(0, 2),
            ),
            max_size=8,
        ),
        unsettled=st.booleans(),
    )
    @settings(
        max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
    )
    def test_is_what_each_bidder_left_standing_whatever_they_did_before(
        self, world, acts, unsettled
    ):
        with transaction.atomic():
            parties = [worlds.joined(world, bidder()) for bidder in BIDDERS]
            standing = {}
            files = {}
            now = D - timedelta(hours=1)
            for act, which in acts:
                now += timedelta(minutes=1)
                party = parties[which]
                if act == "withdraw":
                    if party.pk in standing:
                        assert withdraw(party, now=now) == standing.pop(party.pk)
                    else:
                        assert act_refused(lambda p=party, t=now: withdraw(p, now=t)) == "B-015"
                elif act == "late":
                    assert send(world, party, fresh(world, party), at=D).state == "REFUSED"
                elif act == "plain":
                    assert send(world, party, b"%PDF-1.7 price", at=now).code == "B-021"
                elif act == "repeat" and party.pk in files:
                    assert send(world, party, files[party.pk], at=now).code == "B-026"
                else:
                    files[party.pk] = fresh(world, party)
                    standing[party.pk] = send(world, party, files[party.pk], at=now).bid.pk
            if unsettled:
                taken = worlds.received(
                    world, parties[0], fresh(world, parties[0]), at=D - timedelta(seconds=1)
                )
                worlds.closed(world)
                standing[parties[0].pk] = Submission.objects.get(pk=taken.pk).bid.pk
            else:
                worlds.closed(world)
            assert set(standing.values()) == set(
                Bid.objects.filter(state="SEALED").values_list("pk", flat=True)
            )
            entry = committed(world)
            assert entry["count"] == len(standing)
            assert entry["set_root"] == b64u(
                set_root(
                    [
                        sealed_files.leaf_bytes(bid.log_entry)
                        for bid in Bid.objects.filter(state="SEALED")
                    ]
                )
            )
            ended = Bid.objects.filter(state__in=["WITHDRAWN", "SUPERSEDED"])
            assert all(bid.end_entry and bid.ended_at for bid in ended)
            transaction.set_rollback(True)
        world.lot.refresh_from_db()


def fresh(world, party):
    return worlds.sealed_for(world, party, price_fen=PRICE)


def send(world, party, content, *, at):
    taken = worlds.received(world, party, content, at=at)
    return submission.settle(submission_id=taken.pk, now=at)


def withdraw(party, *, now):
    with transaction.atomic():
        return withdrawal.withdraw(party=party, actor="tests", now=now)


def act_refused(act):
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.reason.code


def committed(world):
    """The log entry that commits to the set."""
    close_entry = Opening.objects.get(pk=world.lot.pk).close_entry
    return LogEntry.objects.get(pk=close_entry).body
