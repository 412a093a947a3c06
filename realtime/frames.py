"""One event as the bytes every follower gets: written once, sent as often as there are readers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from audit.models import Event
from core.events import moment


@dataclass(frozen=True, slots=True)
class Frame:
    """A numbered frame, its text, and the ASGI message that carries it."""

    seq: int
    text: str
    message: dict[str, Any]


def frame(event: Event) -> Frame:
    """Write an event as `{"s": stream, "n": number, "e": name, "b": body, "at": moment}`."""
    told = {
        "s": event.stream,
        "n": event.seq,
        "e": event.name,
        "b": event.body,
        "at": moment(event.at),
    }
    text = dumps(told)
    return Frame(event.seq, text, {"type": "websocket.send", "text": text})


def dumps(value: Any) -> str:
    """Write JSON as short as it gets."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
