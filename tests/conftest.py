"""Fixtures every test may use, and the rules of a run: databases, clock, browser, skips."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
import time_machine
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import TransactionTestCase
from hypothesis import Phase

import core.clock
from devtools import chromium
from devtools.databases import sibling
from tests import books, databases

#: Monday 2026-11-23, 14:00 in Suzhou: a working day, in the middle of the working hours.
A_WORKING_AFTERNOON = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
_NO_CHROMIUM = "no chromium; as root: apt-get install chromium-headless-shell"
IN_CI = os.environ.get("CI") == "true"


# A busy machine is slow, which is no fault of the code under test.
# A mutant must meet the examples that its original met, or luck decides whether it lives; and
# mutmut calls a test several times in one process, each time on a new instance. That a mutant
# fails is enough: nobody reads the smallest example on which it does.
MUTATING = "MUTANT_UNDER_TEST" in os.environ
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=MUTATING,
    suppress_health_check=[hypothesis.HealthCheck.differing_executors] if MUTATING else [],
    phases=[Phase.explicit, Phase.generate] if MUTATING else list(Phase),
)
hypothesis.settings.load_profile("house")


# -- the rules of a run


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="run the long simulations too")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Leave the long tests out unless asked; keep Chromium on one worker."""
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    for item in items:
        if Path(__file__).parent / "browser" in item.path.parents:
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
            if chromium.program() is None:
                item.add_marker(pytest.mark.skip(reason=_NO_CHROMIUM))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    return _no_skips_in_ci((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _no_skips_in_ci((yield))


def _no_skips_in_ci(report):
    """In CI a test that was not run has not passed."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure when CI=true: {reason}"
    return report


# -- the books


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Check the ledger after every test that had the database, while its settings still hold.

    `@pytest.mark.forges_the_books` is for a test whose very subject is books that tell of no real
    payment; the trial balance is zero even there.
    """
    result = yield
    had_database = "_django_db_helper" in item.fixturenames or item.get_closest_marker("django_db")
    # After a database error nothing can be asked any more, and nothing will be kept.
    if had_database and not connection.needs_rollback and books.anything_is_booked():
        books.assert_balanced()
        if not item.get_closest_marker("forges_the_books"):
            books.assert_sound()
    return result


# -- databases


@pytest.fixture(scope="session", autouse=True)
def _emptying_between_tests_passes_the_guards():
    """Let the runner's TRUNCATE through the append-only triggers, and nothing else."""

    def flush(self, sql_list):
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            # Only a superuser may do this: it belongs to the test cluster, not to the product.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for sql in sql_list:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush)
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: databases.empty())
        yield


@pytest.fixture(scope="session")
def template_database(django_test_environment, django_db_blocker):
    """Return the name of the migrated template."""
    with django_db_blocker.unblock():
        return databases.template()


@pytest.fixture(scope="session")
def django_db_setup(template_database, django_db_blocker):
    """Give this worker a clone of the template."""
    with django_db_blocker.unblock():
        name = databases.clone(template_database, databases.worker())
        databases.use(name)
    yield
    with django_db_blocker.unblock():
        databases.use("postgres")
        databases.drop(name)


@pytest.fixture
def fresh_database(template_database, django_db_blocker):
    """Return the address of a migrated database for processes of their own, as `Stack` wants it."""
    with django_db_blocker.unblock():
        name = databases.clone(template_database, f"{databases.worker()}_own")
    yield sibling(os.environ["DATABASE_URL"], name)
    with django_db_blocker.unblock():
        databases.drop(name)


# -- time


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self, coordinates):
        self._coordinates = coordinates

    def now(self):
        return core.clock.now()

    def set(self, moment):
        self._coordinates.move_to(moment, tick=False)

    def advance(self, **by):
        self._coordinates.shift(timedelta(**by))


@pytest.fixture
def clock(monkeypatch):
    """Stop the clock at a known moment."""
    monkeypatch.delenv("HENGPING_STORY_CLOCK", raising=False)
    with time_machine.travel(A_WORKING_AFTERNOON, tick=False) as coordinates:
        yield Clock(coordinates)
