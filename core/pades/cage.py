"""Read a stranger's PDF in a child process: what it breaks is the child.

The child has limits of its own (`child`), an environment without our secrets, and no more wall
time than here. Few may run at once, so that no crowd of uploads takes the machine.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

from core.pades.found import Seal, from_json

ROOT = Path(__file__).resolve().parents[2]
CHILD = "core.pades.child"
MAGIC = b"%PDF-"
AT_ONCE = 2
PATIENCE_SECONDS = 3  # for a turn
WALL_SECONDS = 20
log = logging.getLogger(__name__)
_turns = BoundedSemaphore(AT_ONCE)


class Refused(Exception):  # noqa: N818 - named as what happened
    """No seals were read, for a `cause`: unreadable, locked, exhausted or busy."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(cause)


def seals(pdf: IO[bytes]) -> tuple[Seal, ...]:
    """Return the seals of a PDF that nobody vouches for, oldest first, or raise `Refused`."""
    if pdf.read(len(MAGIC)) != MAGIC:
        raise Refused("unreadable")
    pdf.seek(0)
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        raise Refused("busy")
    try:
        answer = _ask_child(pdf)
    finally:
        _turns.release()
    if "refused" in answer:
        raise Refused(str(answer["refused"]))
    return tuple(map(from_json, answer["seals"]))


def _ask_child(pdf: IO[bytes]) -> dict[str, list[dict[str, object]]]:
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no word of a stranger
            [sys.executable, "-B", "-E", "-s", "-m", CHILD],
            input=pdf.read(),
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=ROOT,
            env={},
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise Refused("exhausted") from None
    except subprocess.CalledProcessError as error:
        # Killed by a limit, or out of memory; whether it was ours that broke, the log tells.
        log.warning("reading a PDF ended with %s: %r", error.returncode, error.stderr[-200:])
        raise Refused("exhausted") from None
    told: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return told
