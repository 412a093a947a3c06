"""One hub a process: it follows the streams somebody is watching and wakes their followers.

A follower holds a number per stream and no queue, so a slow reader costs a number. The hub takes
only the frame after its newest one: a stream reaches every follower in order, whole and once.
Wake-ups (NOTIFY) are hints; a poll of the streams' heads is the guarantee.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from weakref import WeakKeyDictionary

from django.db import Error

from audit import selectors as audit
from realtime.frames import Frame, frame
from realtime.listening import listen
from realtime.reading import Reader
from realtime.ring import GapError, Ring

log = logging.getLogger(__name__)

POLL = 0.5  # seconds
BATCH = 500  # frames read at a time
BEAT = 15.0  # seconds between two heartbeats
STALL = 12.0  # seconds one send may take


class Stream:
    """A stream somebody follows; `ring` is None until its head is known."""

    __slots__ = ("followers", "known", "name", "ring")

    def __init__(self, name: str) -> None:
        self.name = name
        self.followers: set[Follower] = set()
        self.ring: Ring | None = None
        self.known = asyncio.Event()

    @property
    def head(self) -> int:
        """The number of the newest frame; 0 while it is not known."""
        return self.ring.head if self.ring else 0

    def break_off(self) -> None:
        """Tell the followers that what they know of this stream may be wrong."""
        self.ring = self.ring or Ring(0)
        self.known.set()
        for follower in self.followers:
            follower.broken = True
            follower.woken.set()


class Follower:
    """One reader: where it stands in each of its streams, and how to wake it."""

    __slots__ = ("_hub", "_streams", "_task", "beat", "broken", "cursors", "sending_since", "woken")

    def __init__(self, hub: Hub, cursors: Mapping[str, int]) -> None:
        self._hub = hub
        self._streams: list[Stream] = []
        self._task: asyncio.Task[int] | None = None
        self.cursors = dict(cursors)
        self.woken = asyncio.Event()
        self.beat = False
        self.broken = False  # a stream's past changed: only a snapshot helps
        self.sending_since = 0.0

    def follow(self, stream: Stream) -> None:
        """Register with a stream."""
        stream.followers.add(self)
        self._streams.append(stream)

    def unfollow(self) -> list[Stream]:
        """Leave all streams; returns those that nobody follows any more."""
        for stream in self._streams:
            stream.followers.discard(self)
        return [stream for stream in self._streams if not stream.followers]

    async def know_heads(self) -> None:
        """Wait until the head of each stream is known."""
        for stream in self._streams:
            await stream.known.wait()

    def heads(self) -> dict[str, int]:
        """Return where each followed stream stands."""
        return {stream.name: stream.head for stream in self._streams}

    def is_ahead(self) -> bool:
        """Tell whether it claims to have seen what has not happened (a restored database)."""
        return any(self.cursors[stream.name] > stream.head for stream in self._streams)

    async def take(self) -> Sequence[Frame]:
        """Return what comes next, each stream in order; empty when nothing is new."""
        taken: list[Frame] = []
        for stream in self._streams:
            if frames := await self._hub.after(stream, self.cursors[stream.name]):
                self.cursors[stream.name] = frames[-1].seq
                taken.extend(frames)
        return taken

    def watch(self, task: asyncio.Task[int]) -> None:
        """Name the task to cancel when one of its sends takes too long."""
        self._task = task

    def cut_if_stalled(self, now: float) -> None:
        """End the writer when its reader has not taken a frame for too long."""
        if self._task and self.sending_since and now - self.sending_since > STALL:
            self._task.cancel()


class Hub:
    """The streams of this process and who follows them."""

    def __init__(self, *, listens: bool = True) -> None:
        self._streams: dict[str, Stream] = {}
        self._hinted: set[str] = set()
        self._told = asyncio.Event()
        self._reader = Reader(1, "pump")
        self._catching_up = Reader(2, "catch-up")
        self._tasks = [asyncio.create_task(self._pump()), asyncio.create_task(self._beats())]
        if listens:
            self._tasks.append(asyncio.create_task(listen(self.hint)))

    def hint(self, name: str) -> None:
        """Look at a stream soon."""
        if name in self._streams:
            self._hinted.add(name)
            self._told.set()

    async def join(self, cursors: Mapping[str, int]) -> Follower:
        """Begin to follow streams from these numbers; registers first and reads afterwards."""
        follower = Follower(self, cursors)
        fresh = [self._streams.setdefault(n, Stream(n)) for n in cursors if n not in self._streams]
        for name in cursors:
            follower.follow(self._streams[name])
        try:
            await self._learn_heads(fresh)
            await follower.know_heads()
        except BaseException:
            self.leave(follower)
            raise
        return follower

    def leave(self, follower: Follower) -> None:
        """Stop following; a stream nobody follows is forgotten."""
        for stream in follower.unfollow():
            if self._streams.get(stream.name) is stream:
                del self._streams[stream.name]

    async def after(self, stream: Stream, cursor: int) -> Sequence[Frame]:
        """Return the next frames above a number: from the ring, or from the past in batches."""
        ring = stream.ring
        assert ring is not None  # `join` returned, so the head is known
        if ring.holds(cursor):
            return ring.after(cursor)
        return await self._catching_up.run(lambda: _read(stream.name, cursor))

    async def close(self) -> None:
        """Stop; followers are left to their connections."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        for reader in (self._reader, self._catching_up):
            await asyncio.to_thread(reader.close)

    async def _learn_heads(self, streams: Sequence[Stream]) -> None:
        if not streams:
            return
        try:
            heads = await self._catching_up.run(lambda: audit.heads([s.name for s in streams]))
        except BaseException:
            for stream in streams:  # others may be waiting for the same heads
                self._drop(stream)
            raise
        for stream in streams:
            stream.ring = Ring(heads[stream.name].seq)
            stream.known.set()

    async def _pump(self) -> None:
        """Read on for as long as the process lives: at once on a hint, all streams on time."""
        loop = asyncio.get_running_loop()
        next_poll = loop.time() + POLL
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), max(0.0, next_poll - loop.time()))
            self._told.clear()
            hinted, self._hinted = self._hinted, set()
            # On time, however many hints come: a busy hall must not postpone another's lost one.
            due = loop.time() >= next_poll
            if due:
                next_poll = loop.time() + POLL
            try:
                await self._grow(hinted, ask_all=due)
            except Exception as error:  # a pump that ended would leave beats without news
                known = isinstance(error, Error)  # the database is away: no trace needed
                log.warning("reading the streams failed, again: %s", error, exc_info=not known)
                await asyncio.sleep(POLL)
                next_poll = loop.time()  # the hints went with it: ask all

    async def _grow(self, hinted: set[str], *, ask_all: bool) -> None:
        """Read on where a hint points; when it is time, ask of every stream whether it grew."""
        live = {name: stream for name, stream in self._streams.items() if stream.ring is not None}
        names = hinted & live.keys()
        if live and ask_all:
            positions = {name: stream.head for name, stream in live.items()}
            names |= await self._reader.run(lambda: audit.grown(positions))
        for name in sorted(names):
            await self._read_on(live[name])

    async def _read_on(self, stream: Stream) -> None:
        start = stream.head
        frames = await self._reader.run(lambda: _read(stream.name, start))
        assert stream.ring is not None  # only the pump moves a ring, and it has seen this one
        try:
            for item in frames:
                stream.ring.append(item)
        except GapError as gap:
            log.error("the stream %s has another past than was told: %s", stream.name, gap)  # noqa: TRY400 - the trace says nothing more
            self._drop(stream)
        for follower in stream.followers:
            follower.woken.set()
        if len(frames) == BATCH:
            self.hint(stream.name)

    def _drop(self, stream: Stream) -> None:
        if self._streams.get(stream.name) is stream:
            del self._streams[stream.name]
        stream.break_off()

    async def _beats(self) -> None:
        loop = asyncio.get_running_loop()
        next_beat = loop.time() + BEAT
        while True:
            await asyncio.sleep(1)
            now = loop.time()
            followers = {one for stream in self._streams.values() for one in stream.followers}
            for follower in followers:
                follower.cut_if_stalled(now)
            if now < next_beat:
                continue
            next_beat = now + BEAT
            for follower in followers:
                follower.beat = True
                follower.woken.set()


def _read(name: str, cursor: int) -> list[Frame]:
    return [frame(event) for event in audit.events_after(name, cursor, BATCH)]


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """Return this process's hub; servers run one event loop a process."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
