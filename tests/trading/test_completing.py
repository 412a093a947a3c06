"""A tender ends with the last of its lots, whichever way each of them went."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from audit.models import Event
from tests import worlds
from trading.domain.lifecycle import LOT, LOT_ENDS
from trading.models import Lot
from trading.services import completing, due

pytestmark = pytest.mark.django_db

LATER = worlds.DEADLINE + timedelta(days=40)


@pytest.fixture
def tender():
    """A published tender whose two lots are still open."""
    world = worlds.published()
    second = Lot.objects.get(pk=world.lot.pk)
    second.pk = None
    second.number, second.code, second.opening_id = 2, second.code[:-1] + "2", uuid4()
    second._state.adding = True
    second.save()
    return world.tender


def ended(tender, *states):
    for lot, state in zip(tender.lots.order_by("number"), states, strict=True):
        Lot.objects.filter(pk=lot.pk).update(state=state)
    due.tick(LATER)
    tender.refresh_from_db()
    return tender.state


def told(tender):
    return Event.objects.filter(name="tender.completed", stream__contains=str(tender.pk)).count()


class TestATender:
    def test_goes_on_while_one_lot_has_something_before_it(self, tender):
        assert ended(tender, "CONTRACTED", "EVALUATING") == "PUBLISHED"
        assert ended(tender, "NOTICE_SENT", "FAILED") == "PUBLISHED"
        assert told(tender) == 0

    @pytest.mark.parametrize("last", ["CONTRACTED", "FAILED", "ARCHIVED"])
    def test_is_over_with_its_last_lot(self, tender, last):
        assert ended(tender, "CONTRACTED", last) == "COMPLETED"
        assert told(tender) == 1

    def test_is_told_of_once_however_many_clocks_run(self, tender):
        ended(tender, "FAILED", "FAILED")
        due.tick(LATER)
        completing.complete(tender_id=tender.pk, now=LATER)
        assert told(tender) == 1

    def test_that_was_suspended_is_left_alone(self, tender):
        type(tender).objects.filter(pk=tender.pk).update(state="SUSPENDED")
        assert ended(tender, "FAILED", "FAILED") == "SUSPENDED"

    def test_is_shown_to_the_public_as_over(self, tender, client):
        ended(tender, "CONTRACTED", "FAILED")
        page = client.get(f"/notices/{tender.pk}").content.decode()
        assert "已结束" in page
        assert "进行中" not in page


def test_the_ends_are_the_states_without_a_way_on_but_to_the_archive():
    assert {s for s in LOT.moves if set(LOT.moves[s]) <= {"archive"}} == set(LOT_ENDS)
