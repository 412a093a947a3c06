"""Padding, so that sizes say little: SPEC.md §3.1."""

from __future__ import annotations

from sealing.errors import Code, SealingError
from sealing.streams import Sink

LENGTH_BYTES = 8
FORM_BYTES = 65536
PACKAGE_STEP = 1 << 20
PACKAGE_LIMIT = 1 << 31
PACKAGE_STEPS = 2049  # 8 + 2 GiB, rounded up


def padded_form(size: int) -> int:
    """Return the padded length of a form: always the same."""
    if size > FORM_BYTES - LENGTH_BYTES:
        raise SealingError(Code.TOO_LARGE, f"a form of {size} bytes")
    return FORM_BYTES


def padded_package(size: int) -> int:
    """Return the padded length of a package: the next whole step."""
    if size > PACKAGE_LIMIT:
        raise SealingError(Code.TOO_LARGE, f"a package of {size} bytes; 2 GiB is the limit")
    return -(-(LENGTH_BYTES + size) // PACKAGE_STEP) * PACKAGE_STEP


class Unpadding:
    """A sink that takes padded plaintext and passes on the content alone."""

    def __init__(self, sink: Sink, *, length: int) -> None:
        self._sink = sink
        self._length = length
        self._prefix = b""
        self._content = -1
        self._left = 0

    @property
    def content_length(self) -> int:
        """Length of the content, known after the first bytes."""
        return self._content

    def write(self, data: memoryview) -> None:
        """Take the next piece of plaintext."""
        if self._content < 0:
            data = self._begin(data)
        content, padding = data[: self._left], data[self._left :]
        if content:
            self._sink.write(content)
            self._left -= len(content)
        if padding and bytes(padding).count(0) != len(padding):
            raise SealingError(Code.MALFORMED, "padding that is not zero")

    def _begin(self, data: memoryview) -> memoryview:
        need = LENGTH_BYTES - len(self._prefix)
        self._prefix += bytes(data[:need])
        if len(self._prefix) == LENGTH_BYTES:
            self._content = self._left = int.from_bytes(self._prefix, "big")
            self._check()
        return data[need:]

    def _check(self) -> None:
        padded = padded_form if self._length == FORM_BYTES else padded_package
        if padded(self._content) != self._length:
            raise SealingError(Code.MALFORMED, "more padding than needed, or less")
