"""`./dev manage`: the verifying commands against the demo that runs in this checkout."""

from __future__ import annotations

import json
import stat

import pytest

from devtools import demo, doors
from devtools.processes import Stack
from devtools.trouble import Trouble


@pytest.fixture
def run_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "RUN", tmp_path)
    monkeypatch.setattr(demo, "SETTINGS", tmp_path / "settings.json")
    return tmp_path


class TestWithARunningDemo:
    def test_uses_its_database_and_its_keys(self, run_folder, fresh_database, capfd):
        stack = Stack(run=run_folder, database=fresh_database, mode="test")
        with demo._only_one(), demo._told_to_others(stack):
            kept = demo.SETTINGS.stat()
            assert stat.S_IMODE(kept.st_mode) == 0o600
            assert demo.settings_of_running() == stack.settings
            assert doors.manage(["check_ledger"]) == 0
        assert json.loads(capfd.readouterr().out)["trial_balance_fen"] == 0
        # What the demo leaves behind when it ends leads nobody to a database that is gone.
        assert not demo.SETTINGS.exists()

    def test_does_not_take_a_killed_one_for_it(self, run_folder):
        demo.SETTINGS.write_text('{"DATABASE_URL": "postgres:///gone"}')
        (run_folder / "demo").touch()
        assert demo.settings_of_running() is None


class TestWithoutADemo:
    def test_says_what_to_do(self, run_folder):
        with pytest.raises(Trouble) as told:
            doors.manage(["verify_log"])
        assert "./dev demo" in told.value.chinese
        assert "--database" in told.value.english
        assert told.value.code == 3

    def test_takes_the_database_that_is_named(self, run_folder, fresh_database, capfd, monkeypatch):
        monkeypatch.setenv("HENGPING_RUN", str(run_folder))
        assert doors.manage(["--database", fresh_database, "check_ledger"]) == 0
        assert json.loads(capfd.readouterr().out)["trial_balance_fen"] == 0

    def test_needs_words(self, run_folder, capsys):
        assert doors.manage([]) == 2
        assert "WORDS" in capsys.readouterr().err
