"""What `./dev` gives to every process it starts."""

from __future__ import annotations

import os

from devtools import cli
from devtools.places import RUN


class TestEveryCommand:
    def test_keeps_compiled_modules_where_the_machine_would_not(self, monkeypatch, capsys):
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
        assert cli.main(["bench", "no-such-measure"]) == 2
        assert "no-such-measure" not in capsys.readouterr().out
        assert "PYTHONDONTWRITEBYTECODE" not in os.environ
        assert os.environ["PYTHONPYCACHEPREFIX"] == str(RUN / "compiled")
