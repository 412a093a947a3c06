"""A published lot, a bidder in it, and a folder of their own for the files of a test."""

from __future__ import annotations

import pytest

from tests import people, worlds
from tests.bank_escrow.conftest import bank

__all__ = ["bank"]


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    stores = {
        name: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / name)},
        }
        for name in ("default", "sealed")
    }
    settings.STORAGES = {**settings.STORAGES, **stores}


@pytest.fixture
def world():
    return worlds.published()


@pytest.fixture
def party(world):
    return worlds.joined(world, people.sun())
