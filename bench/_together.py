"""Several processes that begin at the same moment; what they need they import themselves."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

_PATIENCE = 120  # seconds for all to get ready; one that died never does


def together(
    work: Callable[[Any, Callable[[], None]], Any],
    shares: Sequence[Any],
    *,
    begin: Callable[[], None] = lambda: None,
) -> list[Any]:
    """Let each process do its share; all begin at the same moment, right after `begin`."""
    spawning = multiprocessing.get_context("spawn")
    start = spawning.Barrier(len(shares) + 1)
    ends = []
    for share in shares:
        mine, theirs = spawning.Pipe(duplex=False)
        process = spawning.Process(target=_process, args=(work, share, start, theirs), daemon=True)
        process.start()
        theirs.close()
        ends.append((process, mine))
    start.wait(_PATIENCE)
    begin()
    start.wait()
    results = [mine.recv() for _, mine in ends]
    for process, _ in ends:
        process.join()
    return results


def _process(work: Callable[[Any, Any], Any], share: Any, start: Any, end: Any) -> None:
    def ready() -> None:
        start.wait()  # until all are ready
        start.wait()  # until the clock is set

    try:
        end.send(work(share, ready))
    finally:
        start.abort()  # whoever still waits must not wait for ever
        end.close()
