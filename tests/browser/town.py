"""The demo's city as a web process serves it: loaded once for all tests of a module."""

from __future__ import annotations

import pytest

from config.demo_world import plans
from tests.browser import walk, worlds
from tests.frontend import server as bundles
from tests.realtime.server import serving


@pytest.fixture(scope="module")
def city(tmp_path_factory, django_db_setup, django_db_blocker):
    """Load the demo's world once for the whole walk, and empty the database after it."""
    with django_db_blocker.unblock(), worlds.city(tmp_path_factory.mktemp("city")):
        yield


@pytest.fixture(scope="module")
def clients(city):
    return worlds.clients()


@pytest.fixture(scope="module")
def server(city, tmp_path_factory):
    with serving(tmp_path_factory.mktemp("web"), plans.NOW) as running:
        yield running


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    bundles.build(folder)
    return folder


@pytest.fixture
def visit(chromium, server, clients, build):
    """Let somebody come; they leave when the test is over."""
    here = []

    def come(who, **options):
        here.append(walk.Visit(chromium, server.url, clients[who], built=build, **options))
        return here[-1]

    yield come
    for one in here:
        one.close()
