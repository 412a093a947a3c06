"""One file, one subject: past four hundred lines it has two."""

from __future__ import annotations

from tests.architecture.house import files, shown

MOST = 400


class TestAFile:
    def test_is_short(self):
        long = {
            shown(path): lines
            for path in files(".py", ".ts", ".mjs", ".css", ".html", "dev")
            if "migrations" not in path.parts and "locale" not in path.parts
            if (lines := path.read_text(encoding="utf-8").count("\n")) > MOST
        }
        assert long == {}
