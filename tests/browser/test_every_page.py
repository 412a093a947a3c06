"""Every page, as everybody who may open it sees it, at every width: a walk through a whole city."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.test import RequestFactory
from django.views import defaults

from tests.architecture.house import ROOT
from tests.browser import worlds
from tests.browser.town import build, city, clients, server, visit

__all__ = ["build", "city", "clients", "server", "visit"]
# Most of it is the city's two months, once for all tests.
pytestmark = pytest.mark.timeout(1800)
TEMPLATES = ROOT / "templates"
ELSEWHERE = {
    "accounts/act_refused.html": "drawn on top of a form's own page: TestAPageThatSaysNo",
    "accounts/styleguide.html": "for those who write pages; tests/frontend/test_design.py looks",
    "errors/refusal.html": "TestAPageThatSaysNo",
    **{f"{code}.html": "TestAPageThatSaysNo" for code in (400, 403, 404, 500)},
    **{f"errors/{code}.html": "TestAPageThatSaysNo" for code in (400, 403, 404, 500)},
    "errors/page.html": "TestAPageThatSaysNo",
}


@pytest.fixture(scope="module")
def stops(clients):
    """Everything to see, by who sees it."""
    seen = worlds.Seen()
    return {who: list(worlds.stops(who, clients[who], seen=seen)) for who in worlds.PEOPLE}


class TestEveryPage:
    @pytest.mark.parametrize("who", worlds.PEOPLE)
    def test_can_be_used_at_every_width(self, who, stops, visit):
        here = visit(who)
        for stop in stops[who]:
            here.look_at(stop.path, name=stop.name)
        here.check()

    @pytest.mark.parametrize("who", worlds.PEOPLE)
    def test_fits_in_english_too(self, who, stops, visit):
        here = visit(who, language="en")
        for stop in stops[who]:
            here.glance_at(stop.path, name=stop.name)
        here.check()

    def test_is_on_the_walk(self, stops):
        drawn = {name for seen in stops.values() for stop in seen for name in stop.templates}
        pages = {
            str(file.relative_to(TEMPLATES))
            for file in TEMPLATES.rglob("*.html")
            if file.read_text(encoding="utf-8").startswith("{% extends")
        }
        assert pages - drawn - set(ELSEWHERE) == set()
        assert {name for name in ELSEWHERE if not (TEMPLATES / name).exists()} == set()


class TestAPageThatSaysNo:
    def test_reads_well_for_a_wrong_address_and_a_wrong_role(self, visit):
        here = visit("sun")
        here.look_at("/nowhere", name="says-no-404", status=404)
        here.look_at("/admin/people", name="says-no-role", status=403)
        here.check()

    @pytest.mark.parametrize("code", [400, 403, 500])
    def test_reads_well_when_the_server_gave_up(self, code, visit):
        here = visit(worlds.VISITOR)
        here.show(_given_up(code).content, name=f"says-no-{code}")
        here.check()

    def test_reads_well_on_top_of_a_form(self, visit):
        here = visit(worlds.VISITOR)
        here.open("/login")
        here.page.fill("[name=username]", "nobody")
        here.page.fill("[name=password]", "nothing-known")
        here.page.click("main form [type=submit]")
        here.page.wait_for_selector("[role=alert]")
        here.examine("says-no-form", status=422)
        here.check()


def _given_up(code: int) -> HttpResponse:
    # Refused at the gate, before anybody is known: such a request has no user.
    request = RequestFactory().get("/")
    answers = {
        400: lambda: defaults.bad_request(request, SuspiciousOperation()),
        403: lambda: defaults.permission_denied(request, PermissionDenied()),
        500: lambda: defaults.server_error(request),
    }
    return answers[code]()
