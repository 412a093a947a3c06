"""The story clock's door: forward only, for tests and demos only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from audit.tasks import stamp_checkpoints
from core import clock

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DOOR = "/demo/clock"


@pytest.fixture
def story(tmp_path, monkeypatch):
    """A story clock that stands at noon."""
    file = tmp_path / "clock.json"
    real = clock.real_now()
    clock.write_story(file, clock.StoryClock(real=real, story=NOON, speed=0))
    monkeypatch.setenv(clock.VARIABLE, str(file))
    return file


class TestTheDoor:
    def test_goes_forward_and_keeps_its_pace(self, client, story):
        later = NOON + timedelta(hours=2)
        assert client.post(DOOR, {"to": later.isoformat()}).status_code == 200
        assert clock.now() == later
        assert clock.read_story(story).speed == 0

    def test_never_goes_back(self, client, story):
        client.post(DOOR, {"to": (NOON - timedelta(minutes=1)).isoformat()})
        assert clock.now() == NOON

    @pytest.mark.parametrize("to", ["", "tomorrow", "2026-11-24T12:00:00"])
    def test_says_what_it_wants_instead_of_failing(self, client, story, to):
        answer = client.post(DOOR, {"to": to})
        assert answer.status_code == 400
        assert b"ISO 8601" in answer.content
        assert clock.now() == NOON

    def test_is_not_there_in_a_city(self, client, story, settings):
        settings.MODE = "city"
        assert client.get(DOOR).status_code == 404

    def test_waits_for_what_runs_but_not_for_what_a_dead_worker_left(self, client, story):
        def waited_for():
            return client.get(DOOR).json()["pending"]

        assert waited_for() == []
        stamp_checkpoints.enqueue()
        assert waited_for() == ["audit.tasks.stamp_checkpoints"]
        jobs = DBTaskResult.objects.all()
        jobs.update(status=TaskResultStatus.RUNNING, started_at=Now())
        assert waited_for() == ["audit.tasks.stamp_checkpoints"]
        jobs.update(started_at=Now() - timedelta(minutes=1))
        assert waited_for() == []
