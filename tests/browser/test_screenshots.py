"""The pictures of `docs/screenshots`, drawn from the demo's world: W1 to W11, and the sealing's.

`HENGPING_PICTURES=1 ./dev test --long tests/browser/test_screenshots.py` draws them anew.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client

from core.money import yuan
from evaluation.models import Seat
from tests.architecture.house import ROOT
from tests.browser import kit, walk, worlds
from tests.browser.bidding import Bidder, pdf
from tests.browser.town import build, city, clients, server, visit
from trading.models import Bid, Lot, Opening

__all__ = ["build", "city", "clients", "server", "visit"]
pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

DESK = {"width": 1440, "height": 900}
README = {"width": 1280, "height": 740}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as somebody sees it."""

    name: str
    who: str
    path: str
    phone: bool = False


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The docs' own folder when pictures are wanted, else one that is thrown away."""
    asked = "HENGPING_PICTURES" in os.environ
    return ROOT / "docs" / "screenshots" if asked else tmp_path_factory.mktemp("pictures")


def seen_by(client: Client, path: str) -> bool:
    """Whether somebody may open a page."""
    return bool(client.get(path).status_code == 200)


def pictures(clients: dict[str, Client]) -> list[Picture]:
    """The pages, found by what they show: an opening at work, a tender that takes bids."""
    live = Opening.objects.select_related("lot").get(stage="DECRYPT_BIDDER").lot
    taking = Lot.objects.filter(state="SUBMISSION").order_by("deadline_at")[0]
    drafts = [
        f"/tenders/{lot.tender_id}/lots/{lot.pk}" for lot in Lot.objects.filter(state="DRAFT")
    ]
    receipts = [f"/receipts/{bid.receipt_id}" for bid in Bid.objects.order_by("-received_at")]
    room = Seat.objects.get(person=worlds.person("scoring"), panel__state="SCORING").panel
    return [
        Picture(name="w1-home", who=worlds.VISITOR, path="/"),
        Picture(
            name="w2-notice", who=worlds.VISITOR, path=f"/notices/{taking.tender_id}", phone=True
        ),
        Picture(name="w5-hall", who="sun", path=f"/hall/{live.pk}", phone=True),
        Picture(name="w6-desk", who="zhao", path=f"/desk/open/{live.pk}"),
        Picture(name="w6a-board", who="yang", path="/desk"),
        Picture(name="w7-score", who="scoring", path=f"/eval/{room.pk}"),
        Picture(name="w8-eval-desk", who="jiang", path=f"/desk/eval/{room.pk}"),
        Picture(
            name="w9-criteria",
            who="zhao",
            path=next(one for one in drafts if seen_by(clients["zhao"], one)),
        ),
        Picture(name="w10-finance", who="chen", path="/finance"),
        Picture(name="w11-watch", who="feng", path="/watch"),
        Picture(
            name="sealing-receipt",
            who="sun",
            path=next(one for one in receipts if seen_by(clients["sun"], one)),
        ),
        Picture(name="sealing-verify", who=worlds.VISITOR, path="/verify"),
        Picture(name="sealing-verify-paper", who=worlds.VISITOR, path="/verify/paper"),
        Picture(name="sealing-offline", who=worlds.VISITOR, path="/offline"),
    ]


def drawn(here, file: Path, size) -> None:
    """Keep what stands on the first screen."""
    here.page.set_viewport_size(size)
    here.page.evaluate("scrollTo(0, 0)")
    here.page.wait_for_timeout(500)  # what glides into its place has arrived
    here.page.screenshot(path=file)


class TestThePictures:
    @pytest.mark.parametrize("language", walk.LANGUAGES)
    def test_show_the_pages_of_the_map(self, language, visit, clients, folder, django_db_blocker):
        with django_db_blocker.unblock():
            wanted = pictures(clients)
        for one in wanted:
            here = visit(one.who, language=language)
            here.page.set_viewport_size(DESK)
            here.open(one.path)
            drawn(here, folder / f"{one.name}-{language}.png", DESK)
            if one.phone and language == "zh":
                drawn(here, folder / f"{one.name}-phone.png", kit.PHONE)
            if one.name == "w5-hall" and language == "zh":
                drawn(here, folder / "hall.png", README)
            here.check()

    @pytest.mark.parametrize("language", walk.LANGUAGES)
    def test_show_a_bid_as_it_is_made(
        self, language, visit, clients, server, folder, django_db_blocker
    ):
        with django_db_blocker.unblock():
            taking = Lot.objects.filter(state="SUBMISSION")
            lot = next(one for one in taking if seen_by(clients["sun"], f"/bids/{one.pk}/build"))
            price = yuan((lot.ceiling_fen or lot.estimate_fen) * 97 // 100)
        base = f"/bids/{lot.pk}"
        here = visit("sun", language=language)
        bidder = Bidder(here.page, server.url, lot.pk, None)
        here.open(f"{base}/key")
        bidder.make_key()
        here.open(f"{base}/build")
        bidder.fill(pdf(), price=price)
        drawn(here, folder / f"w3-build-{language}.png", DESK)
        here.open(f"{base}/submit")
        drawn(here, folder / f"w4-submit-{language}.png", DESK)
