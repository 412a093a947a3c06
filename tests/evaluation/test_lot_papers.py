"""The papers of a panel as the tender's side finds them: from the page of its lot."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import people
from tests.evaluation import rooms

pytestmark = pytest.mark.django_db


def paper_of(client, who, room, name):
    people.sign_in(client, who)
    lot = room.world.lot
    place = {"tender": lot.tender_id, "lot": lot.pk}
    return client.get(reverse(f"evaluation:{name}", kwargs=place), follow=True)


class TestThePapersOfALot:
    @pytest.mark.parametrize("name", ["lot-report", "lot-sheets"])
    def test_reach_the_tenderer_once_the_panel_has_reported(self, client, in_signing, name):
        assert paper_of(client, people.zhao(), in_signing, name).status_code == 404
        for seat in in_signing.seats:
            rooms.sign(in_signing, seat)
        answer = paper_of(client, people.zhao(), in_signing, name)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/pdf"

    def test_reach_no_agency_of_another_tender(self, client, in_signing):
        for seat in in_signing.seats:
            rooms.sign(in_signing, seat)
        assert paper_of(client, people.qian(), in_signing, "lot-report").status_code == 404
