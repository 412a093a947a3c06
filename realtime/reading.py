"""The hub's own way to the database: a few threads, each with a connection it keeps.

Requests get a thread each and give their connection back; the hub asks twice a second for as long
as the process lives, so it must neither wait behind a request nor reconnect every time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import TypeVar

from django.db import Error, connections

T = TypeVar("T")


class Reader:
    """Runs reading functions away from the event loop."""

    def __init__(self, threads: int, name: str) -> None:
        self._count = threads
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=f"realtime-{name}")

    async def run(self, function: Callable[[], T]) -> T:
        """Return what the function returns."""
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, _with_connection, function
        )

    def close(self) -> None:
        """Give the connections back and end the threads."""
        # Each thread must close its own: they meet, so that none does it for another.
        all_here = Barrier(self._count)
        for _thread in range(self._count):
            self._threads.submit(_disconnect, all_here)
        self._threads.shutdown(wait=True)


def _disconnect(all_here: Barrier) -> None:
    with suppress(BrokenBarrierError):
        all_here.wait(timeout=5)
    connections.close_all()


def _with_connection(function: Callable[[], T]) -> T:
    try:
        return function()
    except Error:
        # The next call connects anew; whether this one can be repeated is the caller's question.
        connections.close_all()
        raise
