"""Sealed and plain files of these tests lie in a folder of their own."""

from __future__ import annotations

import pytest

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
