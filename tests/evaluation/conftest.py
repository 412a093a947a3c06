"""Every test keeps its files and keys in a folder of its own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_run_folder(settings, tmp_path):
    settings.RUN_DIR = settings.STATIC_ROOT = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
