"""Digests of a sealed file: ct_root over blocks (SPEC.md §4), SHA-256, SM3 and the form's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self

from cryptography.hazmat.primitives.hashes import SM3, Hash

from sealing.errors import Code, SealingError
from sealing.header import FORM, Header
from sealing.streams import Background, write_all

BLOCK = 512 * 1024
_READ = 4 * BLOCK


class BlockRoot:
    """ct_root, fed in any pieces."""

    def __init__(self) -> None:
        self._root = hashlib.sha256(b"ggzy-bid/1 ct\0")
        self._block = hashlib.sha256()
        self._filled = 0

    def update(self, data: memoryview) -> None:
        """Take the next bytes of the file."""
        while data:
            piece = data[: BLOCK - self._filled]
            self._block.update(piece)
            self._filled += len(piece)
            if self._filled == BLOCK:
                self._close_block()
            data = data[len(piece) :]

    def digest(self) -> bytes:
        """Finish; nothing may follow."""
        if self._filled:
            self._close_block()
        return self._root.digest()

    def _close_block(self) -> None:
        self._root.update(self._block.digest())
        self._block = hashlib.sha256()
        self._filled = 0


class RootedSink:
    """A sink that writes on and computes ct_root in a second thread meanwhile."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._root = BlockRoot()
        self._background = Background()
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._background.close()

    def write(self, data: memoryview) -> None:
        """Hash these bytes in the background while they are written."""
        self._background.submit(self._root.update, data)
        write_all(self._file, data)
        self.size += len(data)

    def ct_root(self) -> bytes:
        """Wait for the last piece and finish."""
        self._background.wait()
        return self._root.digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the receiver of a sealed file writes into the log."""

    size: int
    ct_root: bytes
    ct_sha256: bytes
    ct_sm3: bytes
    form_ct_sha256: bytes


def measure(file: BinaryIO, *, header: Header) -> Measured:
    """Read the whole sealed file once and compute every digest of it, each in its own thread."""
    root, sha256, sm3, form = BlockRoot(), hashlib.sha256(), Hash(SM3()), hashlib.sha256()
    start = header.offset(FORM)
    end = start + header.parts[FORM].ciphertext

    def feed_form(data: memoryview, at: int) -> None:
        form.update(data[max(0, start - at) : max(0, end - at)])

    feeds: tuple[Callable[[memoryview, int], object], ...] = (
        lambda data, _: root.update(data),
        lambda data, _: sha256.update(data),
        lambda data, _: sm3.update(data),
        feed_form,
    )
    file.seek(0)
    size = 0
    buffer = memoryview(bytearray(_READ))
    with ThreadPoolExecutor(max_workers=len(feeds), thread_name_prefix="digest") as threads:
        while count := file.readinto(buffer):  # type: ignore[attr-defined]
            jobs = [threads.submit(feed, buffer[:count], size) for feed in feeds]
            for job in jobs:
                job.result()
            size += count
    if size < end:
        raise SealingError(Code.TRUNCATED, "ends inside the form")
    return Measured(
        size=size,
        ct_root=root.digest(),
        ct_sha256=sha256.digest(),
        ct_sm3=sm3.finalize(),
        form_ct_sha256=form.digest(),
    )
