"""Follow a hall over websocket as a browser does, and hold the stream to its promise."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from stories.troubles import Refuted

_PATIENCE = 60.0
_PAUSE = 0.5


class Follower:
    """A reader of the hall's streams that comes back after every break with what it has."""

    def __init__(self, base: str, *, lot: str, cookies: str) -> None:
        self._address = f"ws{base.removeprefix('http')}/ws/hall/{lot}"
        self._origin = base
        self._cookies = cookies
        self._ends = threading.Event()
        self._socket: ClientConnection | None = None
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self.seen: dict[str, int] = {}
        self.names: list[str] = []
        self.fault = ""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.set()
        if self._socket is not None:
            self._socket.close()
        self._thread.join(timeout=5)

    def check(self, *, upto: Mapping[str, int]) -> None:
        """Wait until everything up to these numbers has come, none missing and none twice."""
        limit = time.monotonic() + _PATIENCE
        while any(self.seen.get(stream, 0) < number for stream, number in upto.items()):
            if self.fault or time.monotonic() > limit:
                break
            time.sleep(_PAUSE / 5)
        behind = {s: (self.seen.get(s, 0), n) for s, n in upto.items() if self.seen.get(s, 0) < n}
        if self.fault or behind:
            raise Refuted(f"the hall's stream: {self.fault or f'lost events {behind}'}")

    def _follow(self) -> None:
        while not self._ends.is_set():
            try:
                since = quote(json.dumps(self.seen))
                with connect(
                    f"{self._address}?since={since}",
                    origin=Origin(self._origin),
                    additional_headers={"Cookie": self._cookies},
                    proxy=None,
                ) as self._socket:
                    for message in self._socket:
                        self._take(json.loads(message))
            except (OSError, WebSocketException, ConnectionClosed):
                pass  # the server may have been killed; it says where it stands when it is back
            self._ends.wait(_PAUSE)

    def _take(self, frame: Mapping[str, Any]) -> None:
        if "s" not in frame:
            return
        stream, number = str(frame["s"]), int(frame["n"])
        if number != self.seen.get(stream, 0) + 1:
            self.fault = f"{stream} went from {self.seen.get(stream, 0)} to {number}"
        self.seen[stream] = number
        self.names.append(str(frame["e"]))
