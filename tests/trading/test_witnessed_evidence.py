"""An opening's evidence is offered under a checkpoint that a witness signed, once there is one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from audit.services.cosigning import cosign_wanted
from audit.services.keys import log_key
from sealing.opening import verify_opening
from tests import worlds
from tests.audit import witnessing
from tests.trading.opening import halls
from tests.trading.test_whole_course import opened_world

pytestmark = pytest.mark.django_db
LATER = worlds.DEADLINE + timedelta(hours=1)


@pytest.fixture
def witness(tmp_path, settings):
    with witnessing.running(tmp_path / "witness", settings=settings) as made:
        yield made


def downloads(client, world):
    """The two addresses the public page names."""
    page = client.get(f"/openings/{world.lot.pk}").content.decode()
    return re.findall(r'href="([^"]+)">(?:opening.json|checkpoint.txt)</a>', page), page


def test_waits_for_no_witness_and_takes_one_up(client, witness):
    world, _ = opened_world()
    assert halls.evidence_holds(world)
    plain, page = downloads(client, world)
    assert plain == [
        f"/openings/{world.lot.pk}/opening.json",
        f"/openings/{world.lot.pk}/checkpoint.txt",
    ]
    assert "--witness-key" not in page
    worlds.log_ticks(now=LATER)
    assert cosign_wanted(now=LATER) == 2  # the closing checkpoint and the newest
    worlds.log_ticks(now=LATER)
    (document, checkpoint), page = downloads(client, world)
    assert "--witness-key witness-keys.pub" in page
    told = {
        "document": client.get(document.replace("&amp;", "&")).content,
        "checkpoint": client.get(checkpoint).content.decode(),
        "log_key": log_key(),
    }
    checked = verify_opening(**told, witnesses=[witness.key])
    assert checked.valid, checked.checks
    assert f"witness {witnessing.NAME}" in {check.name for check in checked.checks}
    stranger = replace(witness.key, public=log_key().public)
    assert not verify_opening(**told, witnesses=[stranger]).valid
