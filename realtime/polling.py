"""A room by long polling, for networks that break websockets: the same streams, the same frames.

`GET /hall/<lot>/events?epoch=1&since={…}&wait=25` answers as soon as there is something, at the
latest after `wait` seconds: `{"epoch", "now", "speed", "head", "events": [frames]}`. 409: take a
snapshot; 404: nothing to follow here.

Plain ASGI beside Django: a waiting request must not hold a thread, which a view behind
synchronous middleware does.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from realtime import since
from realtime.admission import Admission, Room, admit
from realtime.frames import dumps
from realtime.hub import Follower, hub
from realtime.sockets import Application, Receive, Scope, Send, now_and_speed

LONGEST_WAIT = 25.0


def poll(room: Room) -> Application:
    """Return the HTTP application of a kind of room."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _answer(send, 405, "{}")
            return
        admission = await admit(room, scope)
        if admission is None:
            await _answer(send, 404, "{}")
            return
        try:
            standing = since.read(scope["query_string"])
        except since.UnreadableError:
            await _answer(send, 400, "{}")
            return
        follower = await hub().join(standing.of(admission.streams))
        try:
            if follower.is_ahead() or standing.epoch not in {None, admission.epoch}:
                await _answer(send, 409, "{}")
                return
            wait = max(0.0, min(standing.wait, LONGEST_WAIT))
            await _answer(send, 200, await _events(follower, admission, receive, wait))
        finally:
            hub().leave(follower)

    return application


async def _events(follower: Follower, admission: Admission, receive: Receive, wait: float) -> str:
    frames = await follower.take()
    if not frames and wait:
        await _until_woken(follower, receive, wait)
        frames = await follower.take()
    facts = dumps({"epoch": admission.epoch, **now_and_speed(), "head": follower.heads()})
    # Frames are JSON already; they are put in, not written again.
    return f'{facts[:-1]},"events":[{",".join(frame.text for frame in frames)}]}}'


async def _until_woken(follower: Follower, receive: Receive, wait: float) -> None:
    """Wait for news, the time, or the client's going away."""
    tasks = {
        asyncio.create_task(_news(follower)),
        asyncio.create_task(_gone(receive)),
    }
    await asyncio.wait(tasks, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _news(follower: Follower) -> None:
    """Return when a stream has grown; the hub's heartbeats are no news."""
    while follower.heads() == follower.cursors:
        await follower.woken.wait()
        follower.woken.clear()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, body: str) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
