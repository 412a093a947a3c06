"""The simulated SMS gateway takes messages once and shows them to demo and tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.processes import Process, StoryClock

PHONE = "13800000000"


@pytest.fixture
def sms(tmp_path: Path) -> Iterator[Process]:
    clock = StoryClock(tmp_path, "2026-11-23T10:00:00+08:00")
    process = Process(
        "simulators.sms",
        ["--state", str(tmp_path / "sms")],
        {"HENGPING_STORY_CLOCK": str(clock.path)},
    ).start()
    yield process
    assert process.stop() == 0


class TestAMessage:
    def test_is_kept_through_a_kill_and_shown_to_its_number(self, sms: Process) -> None:
        sent = sms.call("POST", "/messages", {"to": PHONE, "text": "开标时间变更\n请查看"}).json
        sms.call("POST", "/messages", {"to": "13900000000", "text": "别人的"})
        sms.kill()
        sms.start()
        assert sms.call("GET", f"/messages?to={PHONE}").json["messages"] == [
            {
                "id": sent["id"],
                "to": PHONE,
                "text": "开标时间变更\n请查看",
                "reference": None,
                "at": "2026-11-23T10:00:00+08:00",
            }
        ]
        assert len(sms.call("GET", "/messages").json["messages"]) == 2

    def test_is_taken_once_per_reference(self, sms: Process) -> None:
        message = {"to": PHONE, "text": "验证码 123456", "reference": "r-1"}
        first, second = (sms.call("POST", "/messages", message).json["id"] for _ in "ab")
        assert first == second
        other = sms.call("POST", "/messages", {**message, "text": "别的"})
        assert (other.status, other.json["code"]) == (409, "REFERENCE_REUSED")
        assert len(sms.call("GET", "/messages").json["messages"]) == 1

    @pytest.mark.parametrize(
        "message",
        [{"to": "abc", "text": "x"}, {"to": PHONE, "text": ""}, {"to": PHONE}, {"text": "x"}],
    )
    def test_is_refused_when_incomplete(self, sms: Process, message: dict[str, str]) -> None:
        assert sms.call("POST", "/messages", message).status == 400

    def test_says_that_it_went_to_a_simulator(self, sms: Process) -> None:
        answer = sms.call("POST", "/messages", {"to": PHONE, "text": "x"})
        assert "模拟" in answer.json["simulator"]
        assert answer.headers["x-simulator"] == "sms"
