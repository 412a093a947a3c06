"""What `./dev` gives to every process it starts."""

from __future__ import annotations

import os
import re

from devtools import cli
from devtools.places import ROOT, RUN


class TestEveryCommand:
    def test_keeps_compiled_modules_where_the_machine_would_not(self, monkeypatch, capsys):
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
        assert cli.main(["bench", "no-such-measure"]) == 2
        assert "no-such-measure" not in capsys.readouterr().out
        assert "PYTHONDONTWRITEBYTECODE" not in os.environ
        assert os.environ["PYTHONPYCACHEPREFIX"] == str(RUN / "compiled")

    def test_that_people_are_told_of_exists(self, capsys):
        cli.main(["help"])
        known = set(re.findall(r"\./dev (\w+)", capsys.readouterr().out))
        pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("config/**/*.py")]
        told = {
            word
            for page in pages
            for word in re.findall(r"\./dev (\w+)", page.read_text(encoding="utf-8"))
        }
        assert {"demo", "test", "code"} <= told <= known | {"help"}
