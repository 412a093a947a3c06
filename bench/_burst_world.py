"""The lots of `burst` on the evening before: bidders joined, sealed files uploaded, acts signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Person, Role
from bench._burst_door import CSRF, Job
from tests import people, worlds
from tests.accounts.authority import Authority, Holder, bound
from tests.signing import signed_form
from trading.services import sealed_files
from venues.models import Room

DEADLINE = worlds.DEADLINE
_BEFORE = DEADLINE - timedelta(hours=2)
_PRICE = 950_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bidder:
    """Somebody who bids in every lot, signed in already."""

    person: Person
    holder: Holder
    cookie: str


def bidders(count: int, *, folder: Path) -> list[Bidder]:
    """Make firms whose people hold certificates of an authority that the platform trusts."""
    authority = Authority()
    authority.trust(settings, folder, at=_BEFORE)
    return [_bidder(number, authority) for number in range(count)]


def lots(count: int, *, first: int) -> Iterator[worlds.World]:
    """Publish tenders of one lot each; every one has an opening room of its own."""
    for number in range(first, first + count):
        Room.objects.get_or_create(centre=people.centre(), kind="OPENING", name=f"开标室{number}")
        yield worlds.published()


def ready(world: worlds.World, bidder: Bidder) -> Job:
    """Return the request that submits, its sealed file of about a mebibyte being uploaded."""
    party = worlds.joined(world, bidder.person)
    content = worlds.sealed_for(world, party, price_fen=_PRICE)
    facts = sealed_files.examine([content], len(content))
    lot = str(world.lot.pk)
    fields = {
        "bid": facts.header.context.bid,
        "upload": str(worlds.uploaded(party, content, now=_BEFORE)),
        "ct_root": facts.ct_root,
        "size": str(len(content)),
        "header_sha256": facts.header_sha256,
    }
    form = signed_form(
        bidder.holder, "trading:bid-finalise", fields, args={"lot": lot}, purpose="submit"
    )
    cookies = {settings.SESSION_COOKIE_NAME: bidder.cookie, settings.CSRF_COOKIE_NAME: CSRF}
    return Job(
        path=reverse("trading:bid-finalise", kwargs={"lot": lot}),
        cookie="; ".join(f"{name}={value}" for name, value in cookies.items()),
        body=urlencode(form).encode(),
        bid=facts.header.context.bid,
    )


def _bidder(number: int, authority: Authority) -> Bidder:
    firm = people.organisation(f"91320508MA1W{number:06}", f"苏州第{number}建设有限公司", "BIDDER")
    person = people.person(f"bidder{number}", f"投标{number}")
    people.member(person, Role.BIDDER, of=firm, manager=True)
    holder = authority.issue_for(person, not_before=_BEFORE)
    bound(holder, person, now=_BEFORE)
    client = people.sign_in(Client(), person)
    return Bidder(
        person=person, holder=holder, cookie=client.cookies[settings.SESSION_COOKIE_NAME].value
    )
