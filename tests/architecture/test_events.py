"""The docstring of an event is its documentation, and a frozen dataclass its shape."""

from __future__ import annotations

import ast
import dataclasses
import importlib

import pytest

from core.events import known_events
from tests.architecture.house import app_of, files, shown, tree


@pytest.fixture(scope="module", autouse=True)
def _all_loaded():
    for path in files("events.py"):
        if app_of(path):
            importlib.import_module(shown(path).removesuffix(".py").replace("/", "."))


class TestAnEvent:
    def test_is_documented(self):
        bare = [
            name
            for name, event in known_events().items()
            # A dataclass without a docstring is given its signature as one.
            if not event.__doc__ or event.__doc__.startswith(f"{event.__name__}(")
        ]
        assert bare == []

    def test_cannot_be_changed_after_the_fact(self):
        loose = [
            name
            for name, event in known_events().items()
            if not (dataclasses.is_dataclass(event) and event.__dataclass_params__.frozen)
        ]
        assert loose == []

    def test_lives_in_the_file_of_events(self):
        strays = [
            f"{shown(path)}:{node.lineno} {node.name}"
            for path in files(".py")
            if app_of(path) and path.name != "events.py" and "events" not in path.parts
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ClassDef)
            and any(getattr(base, "id", "") == "DomainEvent" for base in node.bases)
        ]
        assert strays == []
