"""Every test has a run folder, and so a log key, of its own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_run_folder(settings, tmp_path, monkeypatch):
    settings.RUN_DIR = settings.STATIC_ROOT = tmp_path
    settings.CENTRE_CODE = "320500"
    settings.TSA_URL = ""
    monkeypatch.delenv("HENGPING_LOG_KEY", raising=False)
