"""The drawn pages of docs/ say what the code says."""

from __future__ import annotations

import pytest

from config.documents import PAGES, folder
from tests.architecture.house import files, shown


class TestADrawnPage:
    @pytest.mark.parametrize("name", PAGES)
    def test_is_current(self, name):
        told = (folder() / name).read_text(encoding="utf-8")
        assert told == PAGES[name](), "run manage.py document"

    def test_leaves_no_state_table_out(self):
        tables = [path for path in files(".py") if "Machine(\n" in path.read_text("utf-8")]
        drawn = PAGES["lifecycles.md"]()
        missing = [
            shown(path)
            for path in tables
            if path.name == "lifecycle.py" and shown(path) not in drawn
        ]
        assert missing == []
