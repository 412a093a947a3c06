"""Run acts in threads that all start at one moment, each on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

# A test cluster has fewer connections than a race has runners; the rest queue at the door.
DOORS = 24


def race(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all acts at once; return what each returned or raised, in the order given."""
    start = threading.Barrier(len(acts))
    doors = threading.BoundedSemaphore(DOORS)
    ends: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        start.wait()
        with doors:
            try:
                ends[place] = act()
            except Exception as error:  # noqa: BLE001 - handed to the test
                ends[place] = error
            finally:
                connection.close()

    threads = [threading.Thread(target=run, args=(i, act)) for i, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
