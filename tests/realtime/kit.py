"""Sockets without a server: the whole ASGI application, driven by a test's own event loop."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from urllib.parse import quote

from channels.testing import WebsocketCommunicator
from django.db import connections

from realtime import hub as hubs

ORIGIN = (b"origin", b"http://testserver")


def run(scenario):
    """Run an async scenario to its end and leave no task and no connection behind."""

    async def whole():
        try:
            return await asyncio.wait_for(scenario, 60)
        finally:
            if found := hubs._hubs.pop(asyncio.get_running_loop(), None):
                await found.close()

    return asyncio.run(whole())


async def in_database(act, *arguments, **facts):
    """Do something to the database away from the event loop, as a request would."""

    def done():
        try:
            return act(*arguments, **facts)
        finally:
            connections.close_all()

    return await asyncio.to_thread(done)


class Socket:
    """One open socket and all it was told."""

    def __init__(self, communicator):
        self.communicator = communicator
        self.frames = []
        self.beats = []

    async def next(self, within=3):
        """Return the next frame; heartbeats are noted on the way."""
        while True:
            told = await self.tell(within)
            if "n" in told:
                self.frames.append(told)
                return told

    async def tell(self, within=3):
        """Return what is said next, frame or heartbeat."""
        message = await self.communicator.receive_output(within)
        if message["type"] == "websocket.close":
            raise ClosedError(message["code"])
        told = json.loads(message["text"])
        if "head" in told:
            self.beats.append(told)
        return told

    async def until(self, name, within=3):
        """Return the next frame of this name."""
        while (told := await self.next(within))["e"] != name:
            pass
        return told

    async def silent(self, seconds=0.8):
        """Tell that nothing comes for longer than the hub's poll takes."""
        return await self.communicator.receive_nothing(seconds)


class ClosedError(Exception):
    """The server closed the socket."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@asynccontextmanager
async def socket(lot, *, client=None, since=None, epoch=None, headers=(ORIGIN,)):
    """Open the hall of a lot as the client who signed in, or as nobody."""
    from config.asgi import application

    query = [f"since={quote(json.dumps(since))}"] if since is not None else []
    query += [f"epoch={epoch}"] if epoch is not None else []
    sent = [*headers, *_cookies(client)]
    address = f"/ws/hall/{lot}?{'&'.join(query)}"
    communicator = WebsocketCommunicator(application, address, headers=sent)
    connected, code = await communicator.connect(3)
    if not connected:
        raise ClosedError(code)
    try:
        yield Socket(communicator)
    finally:
        await communicator.disconnect()


def _cookies(client):
    if client is None:
        return []
    told = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return [(b"cookie", told.encode())]
