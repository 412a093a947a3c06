"""Nothing about bidders exists before the hour: 0, 1 and 50 bidders look the same to everybody.

The common part is built under one seed and the bidders under another; then the clock is frozen,
all randomness is reseeded, and every door is observed as every role (design §3.5). Bodies,
headers, statuses, and the statements behind each page with the rows they fetched must be equal.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from tests import people, worlds
from tests.secrecy import doors
from tests.secrecy.worlds import seeded, with_bidders

pytestmark = pytest.mark.django_db(transaction=True)

OBSERVED_AT = worlds.DEADLINE - timedelta(minutes=30)


def observe(count: int, clock) -> dict[tuple[str, str], doors.Seen]:
    clock.set(worlds.DRAFTED)
    with seeded("common"):
        world = worlds.published(security_fen=20_000_000)
        watchers = people.everyone()
    with seeded("bidders"):
        with_bidders(world, count)
        worlds.log_ticks(now=OBSERVED_AT)
    clock.set(OBSERVED_AT)
    cache.clear()
    seen = {}
    with seeded("observers"):
        known = {
            "tender": str(world.tender.pk),
            "lot": str(world.lot.pk),
            "document": str(world.tender.document_sets.get(version=1).documents.get().pk),
        }
        for role, person in {"anonymous": None, **watchers}.items():
            client = Client()
            if person is not None:
                people.sign_in(client, person)
            for path in doors.addresses(known):
                with seeded(f"{role} {path}"):
                    seen[str(role), path] = doors.look(client, path)
    return seen


@pytest.fixture
def own_files(settings, tmp_path):
    """Files of their own for each world: reseeded randomness repeats temporary names."""

    def fresh(number: int) -> None:
        made = {name: dict(options) for name, options in settings.STORAGES.items()}
        for name in ("default", "sealed"):
            made[name]["OPTIONS"] = {"location": str(tmp_path / f"{name}{number}")}
        settings.STORAGES = made

    return fresh


def test_no_door_tells_how_many_bid(clock, own_files):
    # Keys and caches are made on first use: let that draw its randomness before anything counts.
    own_files(-1)
    clock.set(worlds.DRAFTED)
    with_bidders(worlds.published(security_fen=20_000_000), 1)
    worlds.log_ticks(now=OBSERVED_AT)
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    own_files(0)
    nobody = observe(0, clock)
    assert sum(page.status == 200 for page in nobody.values()) > 60
    for count in (1, 50):
        own_files(count)
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        somebody = observe(count, clock)
        assert somebody.keys() == nobody.keys()
        for where, page in nobody.items():
            other = somebody[where]
            assert (page.status, page.body) == (other.status, other.body), (count, where)
            assert page.headers == other.headers, (count, where)
            assert page.statements == other.statements, (count, where)
