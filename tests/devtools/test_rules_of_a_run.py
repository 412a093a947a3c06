"""In CI a test that was not run has not passed; what belongs together runs on one worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests import conftest


def skipped(**more):
    reason = ("tests/x.py", 3, "Skipped: no chromium")
    return SimpleNamespace(outcome="skipped", skipped=True, longrepr=reason, **more)


class TestASkip:
    def test_fails_in_ci_and_says_why(self, monkeypatch):
        monkeypatch.setattr(conftest, "IN_CI", True)
        report = conftest._no_skips_in_ci(skipped())
        assert report.outcome == "failed"
        assert "no chromium" in report.longrepr

    def test_is_left_alone_at_home(self, monkeypatch):
        monkeypatch.setattr(conftest, "IN_CI", False)
        assert conftest._no_skips_in_ci(skipped()).outcome == "skipped"

    def test_is_not_what_an_expected_failure_is(self, monkeypatch):
        monkeypatch.setattr(conftest, "IN_CI", True)
        assert conftest._no_skips_in_ci(skipped(wasxfail="known")).outcome == "skipped"


class TestTheNetwork:
    def test_is_out_of_reach(self):
        # An address of the documentation's range: nobody is there, and nobody is asked.
        with socket.socket() as door, pytest.raises(UserWarning, match="tried to use"):
            door.connect(("192.0.2.1", 80))


GROUPED = """
import os
import pytest

@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("n", range(20))
def test_tells_its_worker(n):
    with open("workers", "a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


class TestAGroup:
    def test_stays_on_one_worker(self, tmp_path):
        """One browser, one city, one telling of a story; pytest 9.2 and xdist 3.8 broke this."""
        (tmp_path / "test_grouped.py").write_text(GROUPED, encoding="utf-8")
        told = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup"),
                *("-p", "no:django", "-p", "no:cacheprovider", "-p", "no:randomly", "."),
            ],
            cwd=tmp_path,
            env={name: os.environ[name] for name in ("PATH",)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stdout
        workers = (tmp_path / "workers").read_text(encoding="utf-8").split()
        assert (len(workers), len(set(workers))) == (20, 1)
