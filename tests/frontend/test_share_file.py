"""A share that was unboxed elsewhere is released without the key ever coming to the page."""

from __future__ import annotations

import json

import pytest

from sealing import header as headers
from sealing import keys, shares
from tests.frontend.certificates import load
from tests.frontend.test_pages import credentials, platform
from tests.sealing import sealed

__all__ = ["credentials", "platform"]
pytestmark = pytest.mark.browser


@pytest.fixture
def bid(platform):
    """A bid that lies on the platform, and its bidder's key."""
    key, made, sink = sealed.seal(host=platform.host)
    sink.seek(0)
    platform.header = headers.read(sink)
    return key, made.header


def released(page, platform, credentials, body: object) -> None:
    page.goto(f"{platform.address}/release")
    load(page, credentials)
    page.click("text=已用离线页或命令行解出份额")
    file = {"name": "share.json", "mimeType": "application/json"}
    page.set_input_files("#release-shares", {**file, "buffer": json.dumps(body).encode()})
    page.click("[data-part=start]")


def share_of(key: keys.OpeningKey, header: headers.Header, label: str) -> object:
    share = shares.release(header, label=label, key=key)
    return json.loads(shares.dumps(share, header=header))


class TestAShareFile:
    def test_releases_the_bid_it_is_of(self, page, platform, credentials, bid):
        key, header = bid
        released(page, platform, credentials, [share_of(key, header, "bidder")])
        page.wait_for_selector("[data-hp=release][data-state=released]")
        assert platform.released["bidder"] == shares.release(header, label="bidder", key=key)

    @pytest.mark.parametrize("code", ["WRONG_CONTEXT", "WRONG_KEY"])
    def test_of_another_bid_or_of_the_host_is_refused(self, page, platform, credentials, bid, code):
        stranger, other, _ = sealed.seal(host=platform.host)
        bodies = {
            "WRONG_CONTEXT": share_of(stranger, other.header, "bidder"),
            "WRONG_KEY": share_of(platform.host, bid[1], "host"),
        }
        released(page, platform, credentials, [bodies[code]])
        page.wait_for_selector(f"[role=alert] >> text={code}")
        assert platform.released == {}
