"""A released share stands in the database so that nobody who reads it can open the bid by it."""

from __future__ import annotations

import pytest

from tests import worlds
from tests.trading.opening.halls import LATER, at_host, at_window, bid_of, ends
from trading.models import Share
from trading.services.opening import opening_forms, shares

pytestmark = pytest.mark.django_db(transaction=True)


class TestAReleasedShare:
    def test_is_not_read_from_the_row_without_the_platform_s_key(self):
        world, parties = at_window({}, {}, {})
        assert worlds.release_own(world, parties[0])
        (row,) = Share.objects.all()
        secret = worlds.own_share(world, parties[0])
        assert secret not in bytes(row.share)
        assert [(one.label, one.secret) for one in shares.of(bid_of(parties[0]))] == [
            ("bidder", secret)
        ]

    def test_moved_to_another_bid_opens_nothing(self):
        world, parties = at_host({}, {}, {}, {})
        one, other = (bid_of(party).shares.get(label="bidder") for party in parties[:2])
        one.share, other.share = other.share, one.share
        Share.objects.bulk_update([one, other], ["share"])
        worlds.release_host(world)
        altered = ("UNRELEASED", "STORED_ALTERED", "not_bidder")
        assert ends(parties) == [altered, altered, *[("OPENED", "", "")] * 2]

    def test_opens_its_package_too(self):
        world, parties = at_host({}, {}, {})
        worlds.release_host(world)
        assert opening_forms.open_packages(lot_id=world.lot.pk, now=LATER) == len(parties)
