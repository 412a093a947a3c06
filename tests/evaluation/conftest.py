"""One opened lot for all tests of a module: opening bids is slow, and every test rolls back."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from tests.evaluation import rooms


@pytest.fixture(scope="package", autouse=True)
def _own_folder(tmp_path_factory):
    """Give keys and files of this package's tests a folder of their own."""
    folder = tmp_path_factory.mktemp("evaluation")
    with override_settings(
        RUN_DIR=folder,
        STATIC_ROOT=folder,
        STORAGES={
            **settings.STORAGES,
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": folder / "files"},
            },
        },
        PARTY_KEY_FILE=folder / "party.key",
        ESCROW_KEY_FILE=folder / "escrow.key",
    ):
        yield


@pytest.fixture(scope="module")
def opened_lot(django_db_setup, django_db_blocker, _own_folder):
    """A lot of three opened bids in the panel's hands, and a library of six experts."""
    with django_db_blocker.unblock():
        world = rooms.handed_over(rooms.opened())
        rooms.stocked()
    yield world
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def invited(opened_lot, db):
    """A panel of five that has been invited."""
    return rooms.drawn(opened_lot)


@pytest.fixture
def in_review(invited):
    """A panel with a leader, in the preliminary review."""
    return rooms.reviewing_room(rooms.seated(invited))


@pytest.fixture
def in_scoring(in_review):
    """A panel that scores three bids."""
    return rooms.scoring_room(in_review)


@pytest.fixture
def in_signing(in_scoring):
    """A panel with a report to sign."""
    room = rooms.locked(rooms.scored(in_scoring))
    rooms.summarise(room)
    return room
