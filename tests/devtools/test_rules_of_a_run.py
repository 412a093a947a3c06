"""In CI a test that was not run has not passed."""

from __future__ import annotations

import socket
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
