"""An installed certificate authority, and people who hold its certificates."""

from __future__ import annotations

import pytest

from tests import people
from tests.accounts.authority import Authority, bound


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
