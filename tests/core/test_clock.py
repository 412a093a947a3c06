from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core import clock
from core.clock import ClockError, StoryClock

REAL = datetime(2026, 11, 23, 6, tzinfo=UTC)
STORY = datetime(2019, 7, 6, 1, 30, tzinfo=UTC)


@pytest.fixture
def story_file(tmp_path, monkeypatch):
    path = tmp_path / "clock.json"
    monkeypatch.setenv(clock.VARIABLE, str(path))
    return path


class TestNow:
    def test_is_real_and_aware_without_a_story(self, monkeypatch):
        monkeypatch.delenv(clock.VARIABLE, raising=False)
        with time_machine.travel(REAL, tick=False):
            assert clock.now() == REAL
            assert clock.now().tzinfo is UTC

    def test_runs_the_storys_speed_from_its_shift(self, story_file):
        clock.write_story(story_file, StoryClock(real=REAL, story=STORY, speed=60))
        with time_machine.travel(REAL + timedelta(seconds=10), tick=False):
            assert clock.now() == STORY + timedelta(minutes=10)
            assert clock.real_now() == REAL + timedelta(seconds=10)

    def test_follows_a_jump_at_once(self, story_file):
        with time_machine.travel(REAL, tick=False):
            clock.write_story(story_file, StoryClock(real=REAL, story=STORY))
            assert clock.now() == STORY
            later = STORY + timedelta(days=20)
            clock.write_story(story_file, StoryClock(real=REAL, story=later))
            assert clock.now() == later

    @pytest.mark.parametrize(
        "text",
        [
            None,
            "{",
            "{}",
            '{"real": "2026-11-23", "story": "2026-11-23T00:00:00Z", "speed": 1}',
            '{"real": "2026-11-23T00:00:00Z", "story": "2026-11-23T00:00:00Z", "speed": "x"}',
        ],
    )
    def test_never_guesses_when_the_story_cannot_be_read(self, story_file, text):
        if text is not None:
            story_file.write_text(text)
        with pytest.raises(ClockError):
            clock.now()


class TestStoryClock:
    def test_never_runs_backwards(self):
        with pytest.raises(ClockError, match="backwards"):
            StoryClock(real=REAL, story=STORY, speed=-1)

    def test_leaves_no_half_file_behind(self, tmp_path, monkeypatch):
        def fail(*_args):
            raise OSError("disk full")

        monkeypatch.setattr("pathlib.Path.replace", fail)
        with pytest.raises(OSError, match="disk full"):
            clock.write_story(tmp_path / "clock.json", StoryClock(real=REAL, story=STORY))
        assert list(tmp_path.iterdir()) == []
