"""A story's books are asked from here: a process for each question would be most of its time."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="package", autouse=True)
def _may_ask_the_database(django_db_blocker):
    with django_db_blocker.unblock():
        yield
