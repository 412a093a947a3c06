"""What every template may ask: who is here, what time it is, how they like their pages."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cached_property
from typing import cast

from django.conf import settings
from django.http import HttpRequest

from accounts import selectors
from accounts.models import Person
from accounts.web import bodies, preferences
from accounts.web.refusals import Refused
from accounts.web.signed_in import SignedIn, signed_in
from core import clock


class Page:
    """`page` in templates; each answer is worked out only when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def signed_in(self) -> SignedIn | None:
        """Who is here, or None."""
        return signed_in(self.request)

    @property
    def person(self) -> Person | None:
        """The person, or None."""
        return self.signed_in.person if self.signed_in else None

    @property
    def roles(self) -> frozenset[str]:
        """The roles usable in this session: `{% if "BIDDER" in page.roles %}`."""
        return self.signed_in.roles if self.signed_in else frozenset()

    @cached_property
    def unread(self) -> int:
        """How many messages are not opened yet."""
        return selectors.unread_count(self.person) if self.person else 0

    @cached_property
    def now(self) -> datetime:
        """The server's time, for the header clock."""
        return clock.now()

    @cached_property
    def preferences(self) -> preferences.Preferences:
        """Theme and text size."""
        return preferences.of(self.request)

    @property
    def refused(self) -> Refused | None:
        """The refusal to show on top of the page, if the last act was refused."""
        return cast("Refused | None", getattr(self.request, "refused", None))

    @property
    def simulated(self) -> bool:
        """Whether banks, certificates, timestamps and SMS are simulators (said in the footer)."""
        return bool(settings.MODE != "city")

    @property
    def act_name(self) -> str:
        """The act of a signed form that posts to its own page: `data-act`."""
        match = self.request.resolver_match
        return match.view_name if match else ""

    @property
    def act_args(self) -> str:
        """The arguments of that act: `data-args`."""
        match = self.request.resolver_match
        return json.dumps(bodies.args(match.kwargs)) if match else "{}"

    @property
    def centre(self) -> str:
        """The code of the centre whose installation this is."""
        return settings.CENTRE_CODE


def page(request: HttpRequest) -> dict[str, Page]:
    """Offer `page` to every template."""
    return {"page": Page(request)}
