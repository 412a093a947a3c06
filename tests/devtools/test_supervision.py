"""A part that falls is brought back, a little later each time, and not for ever."""

from __future__ import annotations

import sys

import pytest

from devtools.processes import NotReadyError, Part, Stack
from devtools.supervision import GaveUpError
from tests.devtools.test_child import until

SLEEPING = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")
FALLING = (sys.executable, "-c", "print('cannot go on'); raise SystemExit(7)")


@pytest.fixture
def stack(tmp_path, monkeypatch):
    """A system of one part that stays and one that falls when told to."""
    monkeypatch.setattr(
        Stack,
        "_parts",
        lambda *_, **__: [
            Part(name="steady", command=SLEEPING, is_ready=lambda child: "up" in child.said()),
            Part(name="falling", command=FALLING, is_ready=lambda _: False),
        ],
    )
    with Stack(run=tmp_path, database="postgres:///none", mode="test") as made:
        yield made


class TestTending:
    def test_brings_back_what_was_killed(self, stack):
        stack.start("steady")
        before = stack.pid("steady")
        stack.kill("steady")
        fallen = stack.tend()
        assert [(each.name, each.exit_code, each.last_lines) for each in fallen] == [
            ("steady", -9, "up")
        ]
        until(lambda: stack.tend() == [] and stack.is_alive("steady"))
        assert stack.pid("steady") != before

    def test_says_nothing_while_all_run(self, stack):
        stack.start("steady")
        assert stack.tend() == []

    def test_leaves_alone_what_was_stopped(self, stack):
        stack.start("steady")
        stack.stop("steady")
        assert stack.tend() == []
        assert not stack.is_alive("steady")

    def test_gives_up_after_five_tries_in_a_minute(self, stack, monkeypatch):
        monkeypatch.setattr("devtools.supervision._DELAYS", (0, 0, 0, 0, 0))
        with pytest.raises(NotReadyError):
            stack.start("falling")
        reported = []
        with pytest.raises(GaveUpError) as gave_up:
            until(lambda: reported.extend(stack.tend()))
        assert len(reported) == 5
        assert gave_up.value.fallen.last_lines == "cannot go on"


class TestStarting:
    def test_says_which_part_is_not_ready_and_what_it_printed(self, stack):
        with pytest.raises(NotReadyError, match="cannot go on") as problem:
            stack.start()
        assert problem.value.name == "falling"


class TestTheRunFolder:
    def test_keeps_secret_and_clock_for_the_next_start(self, tmp_path, stack):
        again = Stack(run=tmp_path, database="postgres:///none", mode="test")
        secret = "HENGPING_SECRET_KEY"
        assert again.environment[secret] == stack.environment[secret]
        assert len(again.environment[secret]) > 40
        assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0

    def test_names_the_same_files_to_every_part(self, tmp_path, stack):
        assert stack.environment["HENGPING_STORY_CLOCK"] == str(tmp_path / "clock.json")
