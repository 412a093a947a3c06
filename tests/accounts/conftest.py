"""An installed certificate authority, and people who hold its certificates."""

from __future__ import annotations

import pytest

from tests import people
from tests.accounts.authority import Authority, bound
from tests.simulators.processes import Process


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Argon2 is slow on purpose; here passwords are only compared."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def authority(settings, tmp_path, clock, db):
    made = Authority()
    made.trust(settings, tmp_path, at=clock.now())
    return made


@pytest.fixture
def suns_key(authority, clock):
    holder = authority.issue_for(people.sun(), not_before=clock.now())
    bound(holder, people.sun(), now=clock.now())
    return holder


@pytest.fixture
def running(settings, tmp_path):
    """The simulated authority at the other end of a real wire; its address."""
    process = Process("simulators.ca", ["--state", str(tmp_path)]).start()
    settings.CA_URL = f"http://127.0.0.1:{process.port}"
    settings.CA_ROOT_FILE = process.ready["root"]
    yield settings.CA_URL
    assert process.stop() == 0
