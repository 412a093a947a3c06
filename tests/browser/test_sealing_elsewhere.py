"""A bid that is sealed without the site's scripts, handed in by the site's page."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders

from sealing import envelope, keys
from sealing.encoding import unb64u
from sealing.form import Form
from sealing.header import Context
from sealing.package import PackedFile
from tests import people, worlds
from tests.browser import kit
from tests.browser.bidding import (
    WORDS,
    _own_folders,
    bank,
    bidder,
    built,
    certificate,
    pdf,
    world,
)
from trading.models import Bid

__all__ = ["_own_folders", "bank", "bidder", "built", "certificate", "world"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def file(name: str, data: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def at_the_block(bidder, page) -> None:
    page.goto(f"{bidder.base}/submit")
    page.click("#elsewhere-title")


def facts_of(page) -> bytes:
    with page.expect_download() as download:
        page.click("[data-part=facts]")
    data: bytes = download.value.path().read_bytes()
    return data


def sealed(folder: Path, facts: bytes, mine, *, version: int = 0, **changed) -> bytes:
    """Seal by the same package as the command line."""
    body = json.loads(facts)
    context = Context(**{**body["ctx"], **changed})
    host = unb64u(body["host"]["public"])
    envelope.seal_file(
        context,
        recipients=envelope.Recipients(bidder=mine.public, host=host),
        form=Form(
            lot=context.lot,
            doc_version=version or body["doc_version"],
            price_fen=3_300_000_000,
            duration_days=300,
            quality="合格",
            manager="赵立鹏",
            claims={},
        ),
        files=[PackedFile(name="技术标.pdf", part="technical", content=pdf())],
        path=folder / "bid.stb",
    )
    return (folder / "bid.stb").read_bytes()


def taken(page, data: bytes, name: str = "bid.stb") -> None:
    page.set_input_files("#elsewhere-sealed", file(name, data))
    page.click("[data-part=take]")


class TestTheOffer:
    def test_is_of_the_file_whose_hash_stands_beside_it(self, built, page, live_server, db):
        page.goto(f"{live_server.url}/offline")
        for link in ("text=下载离线加密页", "text=下载清单"):
            with page.expect_download() as download:
                page.click(link)
            found = hashlib.sha256(download.value.path().read_bytes()).hexdigest()
            assert found in page.inner_text("main")
        kit.assert_accessible(page)
        page.set_viewport_size({"width": 360, "height": 780})
        kit.assert_fits(page)
        kit.shoot(page, "offline-offer")

    def test_works_where_it_is_served_too(self, built, page, live_server, db):
        page.goto(f"{live_server.url}/static/build/offline.html")
        page.click("#inspect [data-part=start]")
        page.wait_for_selector("#inspect [role=alert] >> text=NOT_ENCRYPTED")


class TestABidSealedOnTheOfflinePage:
    def test_is_handed_in_and_gets_its_receipt(self, bidder, page, context, world):
        worlds.joined(world, people.sun())
        at_the_block(bidder, page)
        facts = facts_of(page)
        assert json.loads(facts)["host"]["kid"] == world.tender.host_key.kid
        mine = keys.generate()

        offline = context.new_page()
        offline.add_init_script("delete window.showSaveFilePicker")
        offline.goto(f"file://{finders.find('build/offline.html')}")
        offline.set_input_files("#seal-facts", file("facts.json", facts))
        offline.set_input_files("#seal-key", file("key.json", keys.wrap(mine, passphrase=WORDS)))
        offline.fill("#seal-price", "33,000,000.00")
        offline.fill("#seal-days", "300")
        offline.fill("#seal-manager", "赵立鹏")
        offline.set_input_files("#seal-technical", file("技术标.pdf", pdf()))
        with offline.expect_download() as download:
            offline.click("#seal [data-part=start]")
        data = download.value.path().read_bytes()
        offline.close()

        taken(page, data, download.value.suggested_filename)
        page.wait_for_selector("text=已在别处加密")
        assert page.locator("[data-hp=key-gate]").is_hidden()
        kit.assert_accessible(page)
        kit.shoot(page, "bid-sealed-elsewhere")
        page.reload()  # it waits for its signature as a broken-off delivery does
        page.wait_for_selector("text=已在别处加密")
        bidder.deliver()
        bid = Bid.objects.get()
        assert str(bid.pk) == json.loads(facts)["ctx"]["bid"]
        assert (bid.state, bid.bidder_kid, bid.doc_version) == ("SEALED", mine.kid, 1)
        page.click("[data-part=status] a.btn-primary")
        page.wait_for_url(f"**/receipts/{bid.receipt_id}")

    def test_says_for_which_version_it_was_made(self, bidder, page, world, clock, tmp_path):
        worlds.joined(world, people.sun())
        world.tender.document_sets.create(version=2, issued_at=clock.now())
        at_the_block(bidder, page)
        data = sealed(tmp_path, facts_of(page), keys.generate())
        taken(page, data)
        page.wait_for_selector("text=没有选择招标文件版本")
        page.select_option("#elsewhere-version", "2")
        page.click("[data-part=take]")
        page.wait_for_selector("text=已在别处加密")
        bidder.deliver()
        assert Bid.objects.get().doc_version == 2

    def test_for_an_older_version_is_taken_once_its_bidder_was_told(
        self, bidder, page, world, clock, tmp_path
    ):
        worlds.joined(world, people.sun())
        world.tender.document_sets.create(version=2, issued_at=clock.now())
        at_the_block(bidder, page)
        data = sealed(tmp_path, facts_of(page), keys.generate(), version=1)
        page.select_option("#elsewhere-version", "1")
        taken(page, data)
        page.wait_for_selector("text=招标文件已更新到第 2 版")
        page.click("[data-part=take]")
        page.wait_for_selector("text=已在别处加密")
        page.reload()
        page.wait_for_selector("text=已在别处加密")
        bidder.deliver()
        assert Bid.objects.get().doc_version == 1

    def test_can_be_let_go_for_the_draft_of_this_machine(self, bidder, page, world, tmp_path):
        worlds.joined(world, people.sun())
        bidder.prepare(pdf())
        page.click("#elsewhere-title")
        taken(page, sealed(tmp_path, facts_of(page), keys.generate()))
        page.wait_for_selector("text=已在别处加密")
        assert page.locator("[data-part=summary]").is_hidden()
        page.click("#elsewhere-title >> xpath=.. >> text=不用已取用的密文")
        page.wait_for_selector("[data-part=summary] >> text=技术标-平江.pdf")
        bidder.deliver()
        key = keys.read_public(bidder.key_file["buffer"])
        assert Bid.objects.get().bidder_kid == key.kid

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"lot": str(uuid4())}, "它是为别的项目或标段加密的"),
            ({"bidder": str(uuid4())}, "它是以另一个投标人的名义加密的"),
        ],
        ids=["lot", "bidder"],
    )
    def test_of_another_is_refused_with_the_reason(
        self, bidder, page, world, tmp_path, changed, why
    ):
        worlds.joined(world, people.sun())
        at_the_block(bidder, page)
        taken(page, sealed(tmp_path, facts_of(page), keys.generate(), **changed))
        page.wait_for_selector(f"[data-hp=elsewhere] [role=alert] >> text={why}")
        assert page.locator("[data-part=start]").is_hidden()

    def test_that_is_no_sealed_bid_is_refused(self, bidder, page, world):
        worlds.joined(world, people.sun())
        at_the_block(bidder, page)
        taken(page, pdf())
        page.wait_for_selector("[data-hp=elsewhere] [role=alert] >> text=NOT_ENCRYPTED")
