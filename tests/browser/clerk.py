"""Somebody of the tender side or of finance at the keyboard, with the certificate in the hand.

A test module imports the fixtures it wants; `clerk` makes clerks, each in a browser of its own.
"""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.accounts.authority import Authority, bound
from tests.browser import kit
from tests.browser.bidding import _own_folders, built, p12, signed_in
from tests.frontend.certificates import PIN

__all__ = ["_own_folders", "built"]

NARROW = {"width": 360, "height": 780}


def looked_at(page, name):
    """Hold a page to the rules every page keeps, wide and narrow, and keep both pictures."""
    for size, suffix in ((kit.DESKTOP, ""), (NARROW, "-phone")):
        page.set_viewport_size(size)
        kit.assert_accessible(page)
        kit.assert_fits(page)
        kit.shoot(page, f"{name}{suffix}")
    page.set_viewport_size(kit.DESKTOP)


class Clerk:
    """One page and a certificate file."""

    def __init__(self, page, address, person, certificate):
        self.page = page
        self.address = address
        self.person = person
        self.certificate = certificate

    def back(self, path):
        """Come back on a later day, when the session has run out, and open a page."""
        signed_in(self.page.context, self.address, self.person)
        return self.go(path)

    def go(self, path):
        """Open a page of the house."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def press(self, name, *, within="main"):
        """Press the one button of this name."""
        self.page.locator(within).get_by_role("button", name=name, exact=True).click()

    def sign(self, act, words):
        """Load the certificate where the form asks for it, and press its signing button."""
        form = self.page.locator(f'form[data-act="{act}"]')
        button = form.get_by_role("button", name=words, exact=True)
        button.scroll_into_view_if_needed()
        form.locator("[data-part=who]").wait_for()
        load = form.locator("[data-part=load]")
        # The block asks the page's own store first whether a certificate was loaded before.
        self.page.wait_for_timeout(150)
        if load.is_visible():
            form.locator("[data-part=file]").set_input_files(self.certificate)
            form.locator("[data-part=pin]").fill(PIN)
        button.click()

    def told(self, words):
        """Read the line that says an act is done."""
        expect(self.page.get_by_role("status").get_by_text(words, exact=True)).to_be_visible()

    def refused(self, words):
        """Read why an act was refused."""
        expect(self.page.locator("main")).to_contain_text(words)


@pytest.fixture
def authority(settings, tmp_path, clock, db):
    made = Authority()
    made.trust(settings, tmp_path, at=clock.now())
    return made


@pytest.fixture
def clerk(built, _own_folders, chromium, live_server, clock, authority):
    """Make clerks; every page of theirs is watched."""
    with ExitStack() as left:
        made = []

        def of(person, **options):
            facts = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": kit.DESKTOP}
            context = chromium.new_context(**(facts | {"accept_downloads": True} | options))
            left.callback(context.close)
            context.set_default_timeout(30_000)
            faults = kit.Faults(context)
            certificate = None
            if person is not None:
                authority.store_list(at=clock.now())
                signed_in(context, live_server.url, person)
                holder = authority.issue_for(person, not_before=clock.now())
                bound(holder, person, now=clock.now())
                certificate = p12(holder)
            one = Clerk(context.new_page(), live_server.url, person, certificate)
            one.faults = faults
            made.append(faults)
            return one

        yield of
        for faults in made:
            faults.check()


def tender_of(page):
    """Return the tender a page is about, from its address."""
    found = re.search(r"/tenders/([0-9a-f-]{36})", page.url)
    assert found, page.url
    return found[1]
