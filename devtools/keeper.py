"""Stops a PostgreSQL cluster when its last user has gone: `python -m devtools.keeper NAME`."""

from __future__ import annotations

import signal
import sys

from devtools.postgres import Cluster

if __name__ == "__main__":
    # A Ctrl-C meant for `./dev` must not take the keeper away before its work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    name = sys.argv[1]
    assert name in {"durable", "scratch"}
    Cluster(name).keep()  # type: ignore[arg-type] # checked above
