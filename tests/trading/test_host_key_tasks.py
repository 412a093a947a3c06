"""In the last day before the deadline the tender's side is asked to try the host key once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Todo
from sealing import suites
from sealing.encoding import b64u, unb64u
from tests import people, worlds
from trading.services import due, host_key_tasks, host_keys

pytestmark = pytest.mark.django_db
D = worlds.DEADLINE


def lines():
    return list(Todo.objects.filter(key__startswith="trading.host-key/", done_at__isnull=True))


def tried(world, *, now):
    challenge = host_keys.challenge(world.tender.host_key)
    secret = world.host.unbox(
        unb64u(challenge.box), label=suites.HOST, ctxh=unb64u(challenge.context)
    )
    host_keys.answer(tender=world.tender, secret=b64u(secret), person=people.zhao(), now=now)


class TestTheLine:
    def test_stands_in_the_last_day_until_the_key_was_tried(self):
        world = worlds.published()
        due.tick(D - timedelta(hours=24, seconds=1))
        assert lines() == []
        due.tick(D - timedelta(hours=24))
        due.tick(D - timedelta(hours=23))
        (line,) = lines()
        assert line.organisation == world.tender.procuring_entity
        assert line.text.startswith("开标前再试装一次密钥：")
        assert line.due_at == D
        assert line.link == f"/tenders/{world.tender.pk}#host-key"
        tried(world, now=D - timedelta(hours=20))
        due.tick(D - timedelta(hours=19))
        assert lines() == []

    def test_is_not_answered_by_a_try_of_another_day(self):
        world = worlds.published()
        tried(world, now=D - timedelta(days=2))
        host_key_tasks.settle(D - timedelta(hours=2))
        assert len(lines()) == 1

    def test_ends_with_the_deadline(self):
        worlds.published()
        host_key_tasks.settle(D - timedelta(hours=2))
        host_key_tasks.settle(D)
        assert lines() == []
