"""Keys and a sealed bid that many tests share; made once, never changed."""

from __future__ import annotations

import secrets
from io import BytesIO

import pytest

from sealing import keys
from sealing.keys import OpeningKey
from tests.sealing import scene


@pytest.fixture(scope="session")
def host() -> OpeningKey:
    return keys.generate()


@pytest.fixture(scope="session")
def bid(host) -> scene.Bid:
    return scene.seal_bid(
        random=secrets.token_bytes, host=host, party="p-sun", bid="b-1", price_fen=980_00
    )


@pytest.fixture
def sealed(bid) -> BytesIO:
    return BytesIO(bid.data)


@pytest.fixture(scope="session")
def released(bid, host):
    return scene.both(bid, host=host)


@pytest.fixture(scope="session")
def played() -> scene.Scene:
    return scene.play(random=secrets.token_bytes)
