"""The catalogue as it stands, whatever was compiled last."""

from __future__ import annotations

import polib
import pytest
from django.conf import settings
from django.test import override_settings

CATALOGUE = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"


@pytest.fixture
def own_files(settings, tmp_path):
    """Keep keys and files in a folder of their own."""
    settings.RUN_DIR = settings.STATIC_ROOT = tmp_path
    settings.PARTY_KEY_FILE = tmp_path / "party.key"
    settings.ESCROW_KEY_FILE = tmp_path / "escrow.key"
    made = {name: dict(options) for name, options in settings.STORAGES.items()}
    for name in ("default", "sealed"):
        made[name]["OPTIONS"] = {"location": str(tmp_path / name)}
    settings.STORAGES = made


@pytest.fixture(scope="package", autouse=True)
def catalogue(tmp_path_factory):
    """Read the English sentences as they are written."""
    folder = tmp_path_factory.mktemp("locale")
    compiled = folder / "en" / "LC_MESSAGES" / "django.mo"
    compiled.parent.mkdir(parents=True)
    polib.pofile(str(CATALOGUE)).save_as_mofile(str(compiled))
    with override_settings(LOCALE_PATHS=[folder]):
        yield
