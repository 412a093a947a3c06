"""A room over websocket: frames out in order, hardly anything in.

`WS /ws/hall/<lot>?epoch=1&since={"<stream>": <number>}`. The server says at once, and every
fifteen seconds, `{"epoch", "now", "speed", "head": {stream: number}}`; between these come the
frames `{"s", "n", "e", "b", "at"}`. A client may send `{"ping": x}` and gets
`{"pong": x, "now"}`; acts are POSTs elsewhere. Closing codes tell the client what to do:

- 4403 you may not follow this (any more): ask the page who you are;
- 4409 what you know is void or not enough: take a snapshot;
- 4008 you read too slowly: come back with what you have;
- 4400, 1008 the client is broken.

This is plain ASGI: a consumer of channels passes every message through its own dispatch, which
costs more than sending a frame does. Channels routes here and checks the Origin.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from core import clock
from core.events import moment
from realtime import since
from realtime.admission import Admission, Room, admit
from realtime.frames import dumps
from realtime.hub import Follower, hub

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

UNREADABLE, REFUSED, STALE, SLOW, RUDE = 4400, 4403, 4409, 4008, 1008
ASK_AGAIN = 4  # beats between two looks at the session: a minute
_LONGEST = 1024  # characters of a client's message
_PATIENCE = 20  # messages of a client between two beats
_PARTING = 2.0  # seconds a closing frame may take


def socket(room: Room) -> Application:
    """Return the websocket application of a kind of room."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        admission = await admit(room, scope)
        # Accepted even when refused: before that a browser cannot be told why.
        await send({"type": "websocket.accept"})
        if admission is None:
            await _close(send, REFUSED)
            return
        try:
            standing = since.read(scope["query_string"])
        except since.UnreadableError:
            await _close(send, UNREADABLE)
            return
        follower = await hub().join(standing.of(admission.streams))
        try:
            if follower.is_ahead() or standing.epoch not in {None, admission.epoch}:
                await _close(send, STALE)
                return
            await _Connection(room, scope, admission, follower, send).serve(receive)
        finally:
            hub().leave(follower)

    return application


def now_and_speed() -> dict[str, Any]:
    """Return the server's time and how fast it runs: 1 but for a story."""
    story = os.environ.get(clock.VARIABLE)
    speed = clock.read_story(Path(story)).speed if story else 1.0
    return {"now": moment(clock.now()), "speed": speed}


class _Connection:
    """One open socket: a writer that follows, a reader that notices the end."""

    def __init__(
        self, room: Room, scope: Scope, admission: Admission, follower: Follower, send: Send
    ) -> None:
        self._room = room
        self._scope = scope
        self._admission = admission
        self._follower = follower
        self._send = send
        self._heard = 0
        # Spread, so that thousands who came back together are not asked again together.
        self._beats = secrets.randbelow(ASK_AGAIN)

    async def serve(self, receive: Receive) -> None:
        """Serve until one side ends it."""
        writer = asyncio.create_task(self._write())
        self._follower.watch(writer)
        reader = asyncio.create_task(self._read(receive))
        try:
            await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
            if not reader.done():
                await _close(self._send, SLOW if writer.cancelled() else writer.result())
            elif (code := reader.result()) is not None:
                await _close(self._send, code)
        finally:
            for task in (writer, reader):
                task.cancel()
            await asyncio.gather(writer, reader, return_exceptions=True)

    async def _write(self) -> int:
        """Send what comes until there is a reason to close, and return its code."""
        follower, send = self._follower, self._send
        time = asyncio.get_running_loop().time
        await send(self._heartbeat())
        while not follower.broken:
            follower.woken.clear()
            frames = await follower.take()
            for frame in frames:
                follower.sending_since = time()
                await send(frame.message)
            follower.sending_since = 0.0
            if follower.beat:
                follower.beat = False
                code = await self._beat()
                if code:
                    return code
            elif not frames:
                await follower.woken.wait()
        return STALE

    async def _beat(self) -> int:
        self._heard = 0
        self._beats += 1
        if self._beats % ASK_AGAIN == 0:
            again = await admit(self._room, self._scope)
            if again is None or not set(self._admission.streams) <= set(again.streams):
                return REFUSED
            if again != self._admission:
                return STALE
        self._follower.sending_since = asyncio.get_running_loop().time()
        await self._send(self._heartbeat())
        self._follower.sending_since = 0.0
        return 0

    def _heartbeat(self) -> Message:
        told = {
            "epoch": self._admission.epoch,
            **now_and_speed(),
            "head": self._follower.heads(),
        }
        return {"type": "websocket.send", "text": dumps(told)}

    async def _read(self, receive: Receive) -> int | None:
        """Return None when the client has gone, or the code to close a rude one with."""
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return None
            text = message.get("text") or ""
            self._heard += 1
            if self._heard > _PATIENCE or len(text) > _LONGEST:
                return RUDE
            with suppress(ValueError):
                told = json.loads(text)
                if isinstance(told, dict) and isinstance(told.get("ping"), int | float):
                    pong = {"pong": told["ping"], "now": moment(clock.now())}
                    await self._send({"type": "websocket.send", "text": dumps(pong)})


async def _close(send: Send, code: int) -> None:
    """Say goodbye; to somebody who takes nothing, not for long."""
    with suppress(Exception):
        await asyncio.wait_for(send({"type": "websocket.close", "code": code}), _PARTING)
