"""`now` is handed in: rules and acts never look at a clock themselves."""

from __future__ import annotations

import ast

from tests.architecture.house import app_of, files, shown, tree

ASKING = {
    ("timezone", "now"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("clock", "now"),
    ("time", "time"),
}
TIMELESS = {"domain", "services", "models", "policies.py", "documents"}


def _asks(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (name, node.func.attr) in ASKING:
                yield f"{shown(path)}:{node.lineno} {name}.{node.func.attr}()"


class TestRulesAndActs:
    def test_are_told_the_time(self):
        asking = [
            ask
            for path in files(".py")
            if app_of(path) and TIMELESS.intersection(path.parts)
            for ask in _asks(path)
        ]
        assert asking == []
