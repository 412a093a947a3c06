"""What is installed is fixed by hash, and no lock says from which machine it came."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.architecture.house import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


class TestALock:
    @pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
    def test_names_no_host(self, lock):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(r"^\s*--(extra-)?index-url|^\s*--find-links", text, re.MULTILINE)

    @pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
    def test_fixes_every_package_by_hash(self, lock):
        text = lock.read_text(encoding="utf-8")
        entries = [entry for entry in re.split(r"\n(?=[a-zA-Z0-9])", text) if "==" in entry]
        assert entries
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []

    @pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
    def test_holds_what_was_asked_for(self, lock):
        locked = set(re.findall(r"^([\w.-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE))
        asked = {
            re.split(r"[\[<>=~! ]", line)[0].lower().replace("_", "-")
            for line in lock.with_suffix(".in").read_text(encoding="utf-8").splitlines()
            if line.strip() and not line.startswith(("#", "-r"))
        }
        assert asked - locked == set()

    def test_of_development_agrees_with_the_base(self):
        base, dev = (
            set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text(), re.MULTILINE))
            for name in ("requirements/base.txt", "requirements/dev.txt")
        )
        assert base <= dev

    def test_of_the_browser_names_no_host_and_fixes_by_hash(self):
        packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        fetched = {name: entry for name, entry in packages.items() if "version" in entry and name}
        assert len(fetched) > len(packages) / 2
        assert [name for name, entry in fetched.items() if "resolved" in entry] == []
        assert [name for name, entry in fetched.items() if "integrity" not in entry] == []


class TestTheContracts:
    """The import rule is only as good as its list of packages."""

    def test_name_every_package(self):
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        named = set(settings["tool"]["importlinter"]["root_packages"])
        there = {
            file.parent.name for file in ROOT.glob("*/__init__.py") if file.parent.name != "tests"
        }
        assert there == named

    def test_explain_every_rule_that_is_off(self):
        text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        listed = (
            text.partition("[tool.ruff.lint]")[2].partition("ignore = [")[2].partition("\n]")[0]
        )
        bare = [line for line in listed.splitlines() if line.strip() and "#" not in line]
        assert "#" in listed
        assert bare == []
