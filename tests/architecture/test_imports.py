"""From another app only its models, services, selectors, policies and web kit."""

from __future__ import annotations

import pytest

from tests.architecture.house import APPS, app_of, files, imported, shown

#: `chips` holds the words and colours of states: a part of the page kit, like `web`; `words` those
#: of events, which every app registers with audit.
DOORS = {"models", "services", "selectors", "policies", "web", "chips", "words"}


def _sources():
    return [path for path in files(".py") if app_of(path) and "migrations" not in path.parts]


class TestAnApp:
    def test_enters_another_by_its_doors(self):
        strays = []
        for path in _sources():
            for line, name in imported(path):
                package, _, rest = name.partition(".")
                if package in APPS and package != app_of(path) and rest.split(".")[0] not in DOORS:
                    strays.append(f"{shown(path)}:{line} {name}")
        assert strays == []


class TestTheWebKit:
    """Guards and acts are for views (decision 0005); for all: who asks, and what is cited."""

    FOR_ALL = frozenset({"accounts.web.SignedIn", "accounts.web.cited"})

    def test_is_for_views(self):
        strays = [
            f"{shown(path)}:{line} {name}"
            for path in _sources()
            if app_of(path) != "accounts"
            and ({"services", "selectors", "policies"} & set(path.parts) or "policies" in path.stem)
            for line, name in imported(path)
            if name.startswith("accounts.web") and name not in self.FOR_ALL
        ]
        assert strays == []


class TestADomain:
    def test_imports_no_django_and_no_table(self):
        strays = [
            f"{shown(path)}:{line} {name}"
            for path in _sources()
            if "domain" in path.parts
            for line, name in imported(path)
            if name.split(".")[0] in {"django", "channels", "django_tasks"}
            or name.split(".")[:2] in [[app, "models"] for app in APPS]
        ]
        assert strays == []


class TestAService:
    def test_knows_no_request_and_no_template(self):
        strays = [
            f"{shown(path)}:{line} {name}"
            for path in _sources()
            if "services" in path.parts
            for line, name in imported(path)
            if name.startswith(("django.http", "django.shortcuts", "django.template"))
        ]
        assert strays == []


class TestTheWalker:
    """The tests above would pass on an empty house; this one would not."""

    @pytest.mark.parametrize("app", APPS)
    def test_sees_the_app(self, app):
        assert any(app_of(path) == app for path in _sources())
