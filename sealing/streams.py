"""Bytes on the move: sources that fill a buffer, sinks that take one, files shown when whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from sealing.errors import Code, SealingError


class Sink(Protocol):
    """Takes bytes in order.

    The writer leaves a buffer alone until the write after the next one begins, so that a sink may
    still work on the former buffer in another thread while the next is being filled.
    """

    def write(self, data: memoryview, /) -> object:
        """Take the next bytes, all of them."""


class Source(Protocol):
    """Gives bytes in order."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    def readinto(self, buffer: memoryview, /) -> None:
        """Fill the whole buffer; asking for more than there is raises SOURCE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePiece:
    """A file whose size was taken down before it is read."""

    path: Path
    size: int

    @classmethod
    def of(cls, path: Path) -> FilePiece:
        """Take down the size of the file now."""
        return cls(path=path, size=path.stat().st_size)


Piece = bytes | FilePiece


class Chain:
    """Pieces one after the other, then zeros up to `size`."""

    def __init__(self, pieces: Sequence[Piece], *, size: int | None = None) -> None:
        self._content = sum(_length(piece) for piece in pieces)
        self._size = self._content if size is None else size
        self._pieces = iter(pieces)
        self._bytes = memoryview(b"")
        self._file: BinaryIO | None = None
        self._file_left = 0
        self._left = self._content

    @property
    def size(self) -> int:
        """Length with the zeros."""
        return self._size

    def readinto(self, buffer: memoryview) -> None:
        """Fill the buffer from the pieces, then with zeros."""
        done = 0
        while done < len(buffer) and self._left:
            count = self._some(buffer[done:])
            done += count
            self._left -= count
        if not self._left:
            self.close()
        buffer[done:] = bytes(len(buffer) - done)

    def close(self) -> None:
        """Let go of the open file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _some(self, buffer: memoryview) -> int:
        if self._bytes:
            count = min(len(self._bytes), len(buffer))
            buffer[:count] = self._bytes[:count]
            self._bytes = self._bytes[count:]
            return count
        if self._file is not None:
            return self._from_file(self._file, buffer)
        piece = next(self._pieces)
        if isinstance(piece, FilePiece):
            self._file = piece.path.open("rb", buffering=0)
            self._file_left = piece.size
            if not piece.size:
                self._end_of_file(self._file)
        else:
            self._bytes = memoryview(piece)
        return 0

    def _from_file(self, file: BinaryIO, buffer: memoryview) -> int:
        count = file.readinto(buffer[: self._file_left])  # type: ignore[attr-defined]
        if not count:
            raise SealingError(Code.SOURCE, "a file became shorter while it was read")
        self._file_left -= count
        if not self._file_left:
            self._end_of_file(file)
        return int(count)

    def _end_of_file(self, file: BinaryIO) -> None:
        if file.read(1):
            raise SealingError(Code.SOURCE, "a file became longer while it was read")
        self.close()


class Background:
    """One thread that digests a buffer while its owner fills the next.

    hashlib lets go of the interpreter, so on two cores the digest costs no time of its own.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="digest")
        self._former: Future[None] | None = None

    def submit(self, update: Callable[[memoryview], None], data: memoryview) -> None:
        """Wait for the former buffer, then begin with this one."""
        former, self._former = self._former, self._thread.submit(update, data)
        if former is not None:
            former.result()

    def wait(self) -> None:
        """Wait for the last buffer."""
        if self._former is not None:
            self._former.result()
            self._former = None

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()


class Collecting:
    """A sink that keeps everything; only for what is small by its format."""

    def __init__(self) -> None:
        self._data = bytearray()

    def write(self, data: memoryview) -> None:
        """Keep a copy."""
        self._data += data

    @property
    def data(self) -> bytes:
        """All that was written."""
        return bytes(self._data)


@contextmanager
def published(path: Path) -> Iterator[BinaryIO]:
    """Write a file that appears under its name only when everything went well."""
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.part")
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            yield file
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise


def write_all(file: BinaryIO, data: memoryview) -> None:
    """Write everything: a raw file may take less than it was given."""
    while data:
        data = data[file.write(data) :]


def _length(piece: Piece) -> int:
    return piece.size if isinstance(piece, FilePiece) else len(piece)
