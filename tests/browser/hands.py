"""What browser tests of hosts, experts and staff share: pages looked at, certificates in hand."""

from __future__ import annotations

from tests.accounts.authority import bound
from tests.browser import kit
from tests.browser.bidding import p12


def looked_at(page, name, *, phone=True):
    """Hold a page to the rules every page keeps, at two widths, and keep its pictures."""
    kit.assert_accessible(page)
    kit.assert_fits(page)
    kit.shoot(page, name)
    page.set_viewport_size({"width": 360, "height": 780})
    kit.assert_fits(page)
    if phone:
        kit.assert_accessible(page)
        kit.shoot(page, f"{name}-phone")
    page.set_viewport_size(kit.DESKTOP)


def certificate_of(authority, who, *, at):
    """A certificate file of somebody, bound to them."""
    holder = authority.issue_for(who, not_before=at)
    bound(holder, who, now=at)
    return p12(holder)
