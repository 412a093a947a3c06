"""The parts together: they come up against a fresh database, and one that is killed comes back."""

from __future__ import annotations

import http.client

import pytest

from devtools.processes import WITNESS, Stack
from tests.devtools.test_child import until

PRODUCT = ("web", "clock", "worker")


@pytest.fixture
def system(tmp_path, fresh_database):
    with Stack(run=tmp_path, database=fresh_database, mode="test") as stack:
        stack.start()
        yield stack


def answers(system):
    """Tell whether the web process serves pages, whatever it says on this one."""
    connection = http.client.HTTPConnection("localhost", system.port, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


class TestTheSystem:
    def test_comes_up_and_brings_back_every_part_that_is_killed(self, system):
        assert answers(system)
        before = {name: system.pid(name) for name in system.parts}
        for name in system.parts:
            system.kill(name)
        assert not answers(system)
        fallen = system.tend()
        assert {each.name for each in fallen} == set(system.parts)
        until(lambda: system.tend() == [] and all(map(system.is_alive, system.parts)))
        system.start()  # waits until each is ready
        assert answers(system)
        after = {name: system.pid(name) for name in system.parts}
        assert all(before[name] != after[name] for name in system.parts)
        assert {*PRODUCT, WITNESS, *system.neighbours} == set(system.parts)
