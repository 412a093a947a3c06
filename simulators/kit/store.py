"""A simulator's durable state: one SQLite file that is on disk before an answer leaves."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StateInUseError(Exception):
    """Another process holds this state folder; two banks in one set of books would be none."""


class Store:
    """One writer at a time, each transaction synced to disk, the folder held by one process."""

    def __init__(self, folder: Path, *, name: str, schema: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The lock dies with its process, so a killed simulator starts again at once.
        self._held = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._held)
            raise StateInUseError(str(folder)) from None
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            folder / f"{name}.sqlite3", isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(schema)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the books alone; all of it is durable on leaving, or none of it happened."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of file and folder."""
        with self._lock:
            self._connection.close()
            os.close(self._held)


def write_once(path: Path, content: bytes) -> bytes:
    """Return what `path` holds, writing `content` first where it is absent, whole or not at all."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(path.name + ".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return path.read_bytes()
