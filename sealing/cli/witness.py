"""`witness`: watch a log from a machine that is not the log's own."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sealing.checkpoint import LogKey
from sealing.cli.files import read_text
from sealing.witness import Witness
from sealing.witness.door import Door

_PATIENCE_SECONDS = 20


def register(commands: Any) -> None:
    """Add the command of this file."""
    one = commands.add_parser("witness", help="cosign a log's checkpoints, until stopped")
    one.add_argument("folder", type=Path, help="keeps the key and the last note signed")
    one.add_argument("--log-key", type=Path, required=True)
    one.add_argument("--name", required=True, help="the name that stands in the signatures")
    one.add_argument("--address", default="127.0.0.1")
    one.add_argument("--port", type=int, default=0)
    one.set_defaults(run=witness)


def witness(chosen: argparse.Namespace) -> dict[str, Any]:
    """Serve until told to stop; the key to be pinned lies in the folder as `witness-key.pub`."""
    made = Witness(chosen.folder, name=chosen.name, log_key=_log_key(chosen.log_key))
    with Door((chosen.address, chosen.port), made) as door:
        for one in (signal.SIGTERM, signal.SIGINT):
            # From another thread: the one that serves would wait for itself.
            signal.signal(one, lambda *_: threading.Thread(target=door.shutdown).start())
        host, port = door.server_address[:2]
        sys.stderr.write(f"watching {made.log_key.origin} at http://{host!s}:{port}\n")
        door.serve_forever()
    return {"key": made.key.dumps(), "size": made.size}


def _log_key(path: Path) -> LogKey:
    """Read the log's key, which a log of this very minute may not have written yet."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.1)
    return LogKey.loads(read_text(path))
