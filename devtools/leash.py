"""Run a command that ends when its parent ends: `python leash.py PARENT_PID COMMAND…`.

The kernel sends SIGTERM when the thread that started us dies, however it dies, so a killed
`./dev` leaves nothing behind. Outside Linux the command simply runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1  # <sys/prctl.h>


def main() -> None:
    """Tie ourselves to the parent, then become the command."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
        # The parent may have gone before the line above.
        if os.getppid() != parent:
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted here


if __name__ == "__main__":
    main()
