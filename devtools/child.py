"""One process that we start, watch and end: always by its own id, never by a name."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from devtools.places import ROOT

LEASH = Path(__file__).with_name("leash.py")


class Child:
    """A command in a process group of its own, whose output goes to a log file.

    It ends when the thread that called `start` ends, so start it from one that stays.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
    ) -> None:
        self.name = name
        self.log = log
        self._command = [str(word) for word in command]
        self._env = env
        self._cwd = cwd
        self._process: subprocess.Popen[bytes] | None = None
        self._began_at = 0
        self._group_gone = True

    @property
    def pid(self) -> int | None:
        """The process id while it runs; also the id of its group."""
        return self._process.pid if self._process and self.is_alive() else None

    @property
    def exit_code(self) -> int | None:
        """How it ended, once it has."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start it; a second call while it runs changes nothing."""
        if self.is_alive():
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._began_at = output.tell()
            self._group_gone = False
            self._process = subprocess.Popen(
                [sys.executable, str(LEASH), str(os.getpid()), *self._command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if self._env is None else dict(self._env),
                cwd=self._cwd,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self._process is not None and self._process.poll() is None

    def wait(self, *, timeout: float | None = None) -> int:
        """Wait for its end and return the exit code."""
        assert self._process is not None
        return self._process.wait(timeout)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to all it started."""
        # Once the group is gone its id may belong to somebody else.
        if self._process is None or self._group_gone:
            return
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            self._group_gone = True

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.signal(signal.SIGKILL)
        self._group_gone = True
        if self._process is not None:
            self._process.wait()

    def stop(self, *, patience: float = 10) -> None:
        """Ask it to end; after `patience` seconds make it."""
        if self._process is None:
            return
        self.signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self.kill()

    def said(self) -> str:
        """Return what it printed since its last start."""
        with self.log.open("rb") as output:
            output.seek(self._began_at)
            return output.read().decode(errors="replace")

    def last_lines(self, count: int = 8) -> str:
        """Return the end of what it printed since its last start."""
        return "\n".join(self.said().rstrip().splitlines()[-count:])


def stop_all(children: Sequence[Child], *, patience: float = 10) -> None:
    """End several at the same time, so that the slowest decides and not the sum."""
    for child in children:
        child.signal(signal.SIGTERM)
    limit = time.monotonic() + patience
    for child in children:
        child.stop(patience=max(0.0, limit - time.monotonic()))
