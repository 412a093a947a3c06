"""What the environment may say, and that all of it is written down."""

from __future__ import annotations

import re
import runpy

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.architecture.house import ROOT, files

STORY_CLOCK = "HENGPING_STORY_CLOCK"
LISTED = re.compile(r"^\| `(HENGPING_[A-Z_]+)` \|", re.MULTILINE)
NAMED = re.compile(r"\bHENGPING_[A-Z]+(?:_[A-Z]+)*\b")


@pytest.fixture
def settings_under(monkeypatch):
    """Read the settings anew under other words of the environment."""

    def read(**environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "config" / "settings.py"))

    return read


class TestACity:
    def test_refuses_to_live_in_a_story(self, settings_under):
        with pytest.raises(ImproperlyConfigured, match=STORY_CLOCK):
            settings_under(HENGPING_MODE="city", **{STORY_CLOCK: "/run/clock.json"})

    def test_lives_in_real_time(self, settings_under):
        assert settings_under(HENGPING_MODE="city", **{STORY_CLOCK: ""})["MODE"] == "city"

    def test_names_its_mail_server(self, settings_under):
        read = settings_under(
            HENGPING_EMAIL_HOST="mail.example.test",
            HENGPING_EMAIL_PORT="587",
            HENGPING_EMAIL_USER="hengping",
            HENGPING_EMAIL_PASSWORD="given",
            HENGPING_EMAIL_TLS="true",
        )
        assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == ("mail.example.test", 587)
        assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("hengping", "given")
        assert read["EMAIL_USE_TLS"] is True
        assert read["EMAIL_TIMEOUT"] <= 10, "a mail server that hangs holds nobody for ever"


class TestADemo:
    def test_may_live_in_a_story(self, settings_under):
        assert settings_under(HENGPING_MODE="demo", **{STORY_CLOCK: "/run/clock.json"})


class TestAMode:
    def test_that_is_misspelt_is_no_demo(self, settings_under):
        with pytest.raises(ImproperlyConfigured, match="HENGPING_MODE"):
            settings_under(HENGPING_MODE="City")


class TestThePageOfSettings:
    def test_lists_every_variable_and_no_other(self):
        page = ROOT / "docs" / "settings.md"
        listed = LISTED.findall(page.read_text(encoding="utf-8"))
        sources = (
            path
            for path in files(".py", ".ts", ".mjs", ".js", ".sh", ".yml")
            if "static" not in path.parts
        )
        named = {name for path in sources for name in NAMED.findall(path.read_text("utf-8"))}
        assert len(listed) == len(set(listed))
        assert set(listed) == named
