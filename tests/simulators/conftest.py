"""A bank in its own process, on a story clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.processes import Bank, StoryClock, bank

START = "2026-11-23T10:00:00+08:00"


@pytest.fixture
def clock(tmp_path: Path) -> StoryClock:
    return StoryClock(tmp_path, START)


@pytest.fixture
def gusu(tmp_path: Path, clock: StoryClock) -> Iterator[Bank]:
    process = bank(tmp_path / "gusu", "--truth", clock=clock)
    process.start()
    yield process
    if process.alive:
        assert process.stop() == 0
