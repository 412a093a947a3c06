"""Processes of ours: started, watched, ended, and never outliving us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devtools.child import Child, stop_all
from devtools.places import ROOT

PATIENCE = 20


def until(true):
    """Wait for something that another process does."""
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.02)


def is_there(pid):
    """Tell whether a process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def child(tmp_path):
    made = []

    def make(code, name="thing"):
        made.append(Child(name, [sys.executable, "-c", code], log=tmp_path / f"{name}.log"))
        made[-1].start()
        return made[-1]

    yield make
    for each in made:
        each.kill()


SLEEPING = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPING}"
WITH_A_CHILD = (
    "import subprocess, sys, time\n"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(p.pid, flush=True); time.sleep(600)"
)


class TestStopping:
    def test_ends_the_process(self, child):
        thing = child(SLEEPING)
        until(lambda: "up" in thing.said())
        thing.stop()
        assert not thing.is_alive()
        assert thing.exit_code == -signal.SIGTERM

    def test_does_not_wait_for_ever(self, child):
        thing = child(STUBBORN)
        until(lambda: "up" in thing.said())
        thing.stop(patience=0.2)
        assert thing.exit_code == -signal.SIGKILL

    def test_ends_what_the_process_started_itself(self, child):
        thing = child(WITH_A_CHILD)
        until(lambda: thing.said().strip())
        grandchild = int(thing.said())
        assert is_there(grandchild)
        thing.stop()
        until(lambda: not is_there(grandchild))

    def test_of_several_waits_for_the_slowest_only(self, child):
        things = [child(STUBBORN, f"stubborn-{n}") for n in range(3)]
        until(lambda: all("up" in thing.said() for thing in things))
        began = time.monotonic()
        stop_all(things, patience=1)
        assert time.monotonic() - began < 2.5
        assert not any(thing.is_alive() for thing in things)

    def test_leaves_other_processes_alone(self, child):
        one, other = child(SLEEPING, "one"), child(SLEEPING, "other")
        one.kill()
        one.kill()
        assert other.is_alive()


class TestStarting:
    def test_again_keeps_the_log_and_tells_the_new_lines_apart(self, child):
        thing = child("print('once')")
        thing.wait()
        thing.start()
        thing.wait()
        assert thing.said() == "once\n"
        assert thing.log.read_text() == "once\nonce\n"

    def test_of_a_running_process_changes_nothing(self, child):
        thing = child(SLEEPING)
        before = thing.pid
        thing.start()
        assert thing.pid == before


class TestTheLeash:
    def test_ends_the_child_when_the_parent_is_killed(self, tmp_path):
        code = (
            "import sys, time; from pathlib import Path; from devtools.child import Child\n"
            f"c = Child('x', [sys.executable, '-c', {SLEEPING!r}], log=Path(sys.argv[1]))\n"
            "c.start(); print(c.pid, flush=True); time.sleep(600)"
        )
        parent = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "log")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        until(lambda: "up" in (tmp_path / "log").read_text())
        os.kill(parent.pid, signal.SIGKILL)
        parent.communicate()
        until(lambda: not is_there(child))
