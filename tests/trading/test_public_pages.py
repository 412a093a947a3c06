"""Pages everybody may open: what they show, and what they never show."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import people, worlds
from tests.trading.test_whole_course import opened_world

pytestmark = pytest.mark.django_db(transaction=True)


class TestThePublic:
    def test_finds_and_reads_a_published_tender(self, client):
        world = worlds.published(security_fen=20_000_000)
        for name in ("home", "notices", "openings", "awards", "contracts"):
            assert client.get(reverse(f"trading:{name}")).status_code == 200, name
        page = client.get(reverse("trading:notices"), {"words": "平江"})
        assert world.tender.title in page.content.decode()
        page = client.get(reverse("trading:notice", kwargs={"tender": world.tender.pk}))
        text = page.content.decode()
        assert world.host.kid in text
        assert "¥10,000,000.00" in text
        assert "招标文件.pdf" in text

    def test_does_not_see_a_draft(self, client):
        world = worlds.drafted()
        url = reverse("trading:notice", kwargs={"tender": world.tender.pk})
        assert client.get(url).status_code == 404
        assert world.tender.title not in client.get(reverse("trading:notices")).content.decode()

    def test_reads_no_bidder_and_no_price_before_the_record_is_signed(self, client):
        world, parties = opened_world()
        pages = [
            client.get(reverse("trading:notice", kwargs={"tender": world.tender.pk})),
            client.get(reverse("trading:openings")),
            client.get(reverse("trading:notice-data", kwargs={"tender": world.tender.pk})),
        ]
        firm = people.organisation_of(people.sun()).name
        for page in pages:
            text = page.content.decode()
            assert firm not in text
            assert "9,500,000.00" not in text
            assert "950000000" not in text
            assert all(str(party.pk) not in text for party in parties)
        url = reverse("trading:opening", kwargs={"lot": world.lot.pk})
        assert client.get(url).status_code == 404


class TestABidder:
    def test_is_asked_to_join_once(self, client, clock):
        clock.set(worlds.ISSUED)
        world = worlds.published()
        people.sign_in(client, people.sun())
        url = reverse("trading:notice", kwargs={"tender": world.tender.pk})
        join = reverse("trading:join", kwargs={"tender": world.tender.pk})
        assert join in client.get(url).content.decode()
        worlds.joined(world, people.sun())
        text = client.get(url).content.decode()
        assert join not in text
        assert reverse("trading:bid", kwargs={"lot": world.lot.pk}) in text
