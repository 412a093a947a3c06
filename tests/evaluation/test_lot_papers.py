"""The papers of a panel as the tender's side finds them: from the page of its lot."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.services import sealing_papers
from core.pades import reading
from tests import people, seals
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

    def test_carry_the_platforms_seal_once_it_is_set(self, client, in_signing, settings, tmp_path):
        office, later = seals.office(tmp_path), rooms.MEETS + timedelta(days=1)
        office.install(settings)
        with seals.answering(office.tsa) as (address, _):
            settings.TSA_URL = address
            assert sealing_papers.seal_due(now=later) == 1  # the opening's record; drafts never
            for seat in in_signing.seats:
                rooms.sign(in_signing, seat)
            room = reverse("evaluation:room", kwargs={"panel": in_signing.panel_id})
            people.sign_in(client, in_signing.seats[0].person)
            assert "正在盖章" in client.get(room).content.decode()
            assert sealing_papers.seal_due(now=later) == 2
        page = client.get(room).content.decode()
        assert "正在盖章" not in page
        assert "已盖章" in page
        for name in ("lot-report", "lot-sheets"):
            answer = paper_of(client, people.zhao(), in_signing, name)
            (found,) = reading.seals(io.BytesIO(answer.content))
            assert (found.intact, found.whole) == (True, True), name
