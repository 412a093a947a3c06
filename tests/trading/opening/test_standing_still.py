"""An opening that is suspended, or whose tender is terminated, stands still in every act."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from core.verdicts import Refusal
from tests import people, worlds
from tests.trading.opening.halls import LATER, at_host, at_window, bid_of, ends
from trading.models import Lot, Opening, Tender
from trading.selectors.hall import Viewer, state
from trading.services import due, suspending
from trading.services.opening import advance, answers, desk, ending, opening_forms, releasing
from trading.services.opening.state import locked

pytestmark = pytest.mark.django_db(transaction=True)

D = worlds.DEADLINE


def refused(act):
    with pytest.raises(Refusal) as found, transaction.atomic():
        act()
    return found.value.reason.code


def course(act, world, *, now):
    """Suspend, resume or terminate the tender."""
    with transaction.atomic():
        return act(
            tender=Tender.objects.get(pk=world.tender.pk),
            reason="资金来源变化",
            clause="招标投标法实施条例第三十一条",
            person=world.tenderer,
            signature=uuid4(),
            now=now,
        )


def released(party):
    """Send a share in, whatever it is."""
    return releasing.release(
        party=party, share=b"s" * 32, signature=uuid4(), actor="t", now=D + timedelta(minutes=6)
    )


def paused(world):
    with transaction.atomic():
        desk.suspend(locked(world.lot.pk), reason="网络中断", clause="", actor="t", now=LATER)


class TestASuspendedOpening:
    def test_takes_no_objection(self):
        world, parties = at_host({}, {}, {})
        worlds.release_host(world)
        worlds.to_stage(world, "OBJECTION")
        raised = lambda: answers.object_to(  # noqa: E731 - one call, named for what it is
            party=parties[0], text="报价有误", signature=uuid4(), actor="t", now=LATER
        )
        paused(world)
        assert refused(raised) == "O-101"
        with transaction.atomic():
            desk.resume(locked(world.lot.pk), actor="t", now=LATER)
            assert raised()

    def test_takes_no_answer_and_no_signature(self):
        world, parties = at_host({}, {}, {})
        worlds.release_host(world)
        worlds.to_stage(world, "CONFIRM")
        opening = Opening.objects.get(pk=world.lot.pk)
        paused(world)
        said = {"signature": uuid4(), "actor": "t", "record_hash": opening.record_hash}
        moment = opening.confirm_ends_at - timedelta(seconds=1)
        assert refused(lambda: answers.confirm(party=parties[0], now=moment, **said)) == "O-101"
        Opening.objects.filter(pk=world.lot.pk).update(stage="SIGN")
        sign = lambda: ending.sign_record(lot_id=world.lot.pk, now=LATER, **said)  # noqa: E731 - as above
        assert refused(sign) == "O-101"

    def test_is_not_opened_by_the_worker_until_it_goes_on(self, monkeypatch):
        world, parties = at_host({}, {}, {})
        with monkeypatch.context() as patch:
            patch.setattr(opening_forms, "open_lot", lambda **_: False)
            worlds.release_host(world)
        paused(world)
        assert not opening_forms.open_lot(lot_id=world.lot.pk, now=LATER)
        assert {one for one, _code, _whose in ends(parties)} == {"RELEASED"}
        with transaction.atomic():
            desk.resume(locked(world.lot.pk), actor="t", now=LATER)
        assert opening_forms.open_lot(lot_id=world.lot.pk, now=LATER)


class TestATerminatedTender:
    def test_ends_its_opening_and_leaves_every_bid_sealed(self):
        world, parties = at_window({}, {}, {})
        worlds.release_own(world, parties[0])
        course(suspending.terminate, world, now=D + timedelta(minutes=5))
        opening = Opening.objects.get(pk=world.lot.pk)
        assert (opening.stage, opening.ended_at) == ("FAILED", D + timedelta(minutes=5))
        assert [bid_of(party).state for party in parties] == ["UNOPENED"] * 3
        assert refused(lambda: released(parties[1])) == "O-110"
        assert refused(lambda: worlds.step(world)) == "O-123"
        due.tick(LATER)
        assert Lot.objects.get(pk=world.lot.pk).state == "TERMINATED"

    def test_is_not_opened_even_if_its_opening_still_says_it_runs(self):
        world, parties = at_host({}, {}, {})
        Lot.objects.filter(pk=world.lot.pk).update(state="TERMINATED")
        assert refused(lambda: worlds.release_host(world)) == "O-123"
        assert not opening_forms.open_lot(lot_id=world.lot.pk, now=LATER)
        Opening.objects.filter(pk=world.lot.pk).update(stage="DECRYPT_BIDDER")
        with transaction.atomic():
            assert not advance.end_window(lot_id=world.lot.pk, now=LATER)
        assert refused(lambda: released(parties[0])) == "O-123"
        assert refused(lambda: worlds.step(world)) == "O-123"

    def test_tells_nobody_how_many_had_bid_before_the_list(self):
        world = worlds.published()
        party = worlds.submitted(world, people.sun(), price_fen=900_000_000)
        course(suspending.terminate, world, now=D - timedelta(hours=1))
        opening = Opening.objects.select_related("lot__tender").get(pk=world.lot.pk)
        told = state(opening, Viewer(is_staff=True))
        assert (told["failed"], told["count"], told["seats"]) == ("TERMINATED", None, [])
        call = {"party": party, "by_host": False, "text": "在吗", "actor": "t", "now": LATER}
        assert refused(lambda: desk.say(locked(world.lot.pk), **call)) == "O-122"

    @pytest.mark.parametrize("awarded", ["AWARDED", "NOTICE_SENT", "CONTRACTED", "ARCHIVED"])
    def test_is_so_before_an_award_only(self, awarded):
        world = worlds.published()
        Lot.objects.filter(pk=world.lot.pk).update(state=awarded)
        assert refused(lambda: course(suspending.terminate, world, now=LATER)) == "T-055"
        Lot.objects.filter(pk=world.lot.pk).update(state="CANDIDATES_PUBLISHED")
        course(suspending.terminate, world, now=LATER)
        assert Lot.objects.get(pk=world.lot.pk).state == "TERMINATED"


class TestSuspendingATender:
    def test_is_refused_from_the_deadline_on(self):
        world = worlds.published()
        assert refused(lambda: course(suspending.suspend, world, now=D)) == "T-056"
        course(suspending.suspend, world, now=D - timedelta(microseconds=1))
        assert Lot.objects.get(pk=world.lot.pk).state == "SUSPENDED"
