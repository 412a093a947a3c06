from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any, ClassVar
from uuid import UUID

import pytest

from core import events
from core.events import DomainEvent, EventError, json_value, known_events
from core.identifiers import Region
from core.zone import SHANGHAI


class Colour(StrEnum):
    RED = "red"


class Size(IntEnum):
    BIG = 3


@pytest.fixture(autouse=True)
def empty_register(monkeypatch):
    monkeypatch.setattr(events, "_known", {})


def sample_event():
    @dataclass(frozen=True, kw_only=True, slots=True)
    class Painted(DomainEvent):
        """A door was painted."""

        name: ClassVar[str] = "door.painted"
        door: UUID
        at: datetime
        day: date
        colour: Colour
        size: Size
        price: Decimal
        coats: tuple[int, ...]
        note: str | None
        dry: bool
        extra: dict[str, Any]

    return Painted


class TestEvent:
    def test_gives_its_facts_as_json_values(self):
        event = sample_event()(
            door=UUID(int=1),
            at=datetime(2026, 11, 23, 14, tzinfo=SHANGHAI),
            day=date(2026, 11, 23),
            colour=Colour.RED,
            size=Size.BIG,
            price=Decimal("1E+2"),
            coats=(1, 2),
            note=None,
            dry=True,
            extra={"b": {"c": [Colour.RED]}},
        )
        body = event.body()
        assert body == {
            "door": "00000000-0000-0000-0000-000000000001",
            "at": "2026-11-23T06:00:00.000000Z",
            "day": "2026-11-23",
            "colour": "red",
            "size": 3,
            "price": "100",
            "coats": [1, 2],
            "note": None,
            "dry": True,
            "extra": {"b": {"c": ["red"]}},
        }
        assert type(body["colour"]) is str
        assert type(body["size"]) is int

    def test_cannot_be_changed(self):
        @dataclass(frozen=True, kw_only=True)
        class Shut(DomainEvent):
            """A door was shut."""

            name: ClassVar[str] = "door.shut"
            door: str

        event = Shut(door="a")
        with pytest.raises(FrozenInstanceError):
            event.door = "b"

    def test_is_known_by_name(self):
        painted = sample_event()
        assert known_events()["door.painted"].__name__ == painted.__name__

    @pytest.mark.parametrize("bad", [1.5, b"bytes", object(), {1, 2}])
    def test_refuses_what_has_no_canonical_form(self, bad):
        with pytest.raises(EventError):
            json_value({"x": [bad]})

    def test_opens_a_dataclass_inside(self):
        region = Region("320500", "苏州市", "Suzhou")
        assert json_value((region,)) == [{"code": "320500", "zh": "苏州市", "en": "Suzhou"}]

    def test_refuses_a_moment_without_a_zone(self):
        with pytest.raises(EventError, match="time zone"):
            json_value(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test

    def test_writes_the_microsecond_always(self):
        assert json_value(datetime(2026, 1, 1, 0, 0, 0, 5, tzinfo=UTC)).endswith(":00.000005Z")


class TestEventClass:
    def test_must_be_documented(self):
        with pytest.raises(EventError, match="undocumented"):

            class Silent(DomainEvent):
                name: ClassVar[str] = "door.silent"

    @pytest.mark.parametrize("bad", ["Painted", "door", "door.Painted", "door painted"])
    def test_must_have_a_dotted_name(self, bad):
        with pytest.raises(EventError, match="dotted"):
            type("Bad", (DomainEvent,), {"name": bad, "__doc__": "x"})

    def test_does_not_share_its_name(self):
        sample_event()
        with pytest.raises(EventError, match="names both"):
            type("Other", (DomainEvent,), {"name": "door.painted", "__doc__": "x"})

    def test_without_a_name_is_only_a_base(self):
        type("Base", (DomainEvent,), {})
        assert known_events() == {}
