"""A part in segments, in suite 1 the wire format of Tink's AES-256-GCM-HKDF: SPEC.md §3.

Order and end are part of every nonce: a segment moved, dropped or appended does not authenticate.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from sealing.errors import Code, SealingError
from sealing.streams import Sink, Source
from sealing.suites import Random, SegmentCipher, Suite

SEGMENT = 512 * 1024
TAG = 16
SALT = 32
PREFIX = 7
HEADER = 1 + SALT + PREFIX
FIRST = SEGMENT - HEADER - TAG
LATER = SEGMENT - TAG
MAX_SEGMENTS = 1 << 32

_BATCH = 4  # segments written at once: fewer system calls, still only 4 MiB in all


def segments(length: int) -> int:
    """How many segments carry `length` bytes of plaintext."""
    count = 1 if length <= FIRST else 1 + -(-(length - FIRST) // LATER)
    if count > MAX_SEGMENTS:
        raise SealingError(Code.TOO_LARGE, "more segments than the nonce can count")
    return count


def ciphertext_length(length: int) -> int:
    """How long the ciphertext of `length` bytes of plaintext is."""
    return HEADER + length + TAG * segments(length)


def encrypt(
    source: Source,
    sink: Sink,
    *,
    key: bytes,
    aad: bytes,
    suite: Suite,
    random: Random = secrets.token_bytes,
) -> None:
    """Encrypt all of `source` into `sink`."""
    salt, prefix = random(SALT), random(PREFIX)
    cipher: SegmentCipher = suite.cipher(key, salt=salt, aad=aad)
    plain = memoryview(bytearray(LATER))
    buffers = _two_buffers(_BATCH * SEGMENT)
    out, filled = next(buffers), HEADER
    out[:HEADER] = bytes([HEADER]) + salt + prefix
    for number, size, last in _plan(source.size):
        source.readinto(plain[:size])
        end = filled + size + TAG
        cipher.encrypt_into(_nonce(prefix, number, last=last), plain[:size], None, out[filled:end])
        filled = end
        if last or filled == len(out):
            sink.write(out[:filled])
            out, filled = next(buffers), 0


def decrypt(
    file: BinaryIO, sink: Sink, *, key: bytes, aad: bytes, length: int, suite: Suite
) -> None:
    """Decrypt a part of `length` plaintext bytes from where `file` stands.

    What reached the sink is authentic so far, but whole only when this returns: the caller
    publishes nothing before.
    """
    head = memoryview(bytearray(HEADER))
    _fill(file, head)
    if head[0] != HEADER:
        raise SealingError(Code.CORRUPT, "not the beginning of a part")
    cipher = suite.cipher(key, salt=bytes(head[1 : 1 + SALT]), aad=aad)
    prefix = bytes(head[1 + SALT :])
    sealed = memoryview(bytearray(SEGMENT))
    buffers = _two_buffers(_BATCH * LATER)
    out, filled = next(buffers), 0
    for number, size, last in _plan(length):
        segment = sealed[: size + TAG]
        _fill(file, segment)
        nonce = _nonce(prefix, number, last=last)
        try:
            cipher.decrypt_into(nonce, segment, None, out[filled : filled + size])
        except InvalidTag as error:
            raise SealingError(Code.CORRUPT, f"segment {number}") from error
        filled += size
        if last or len(out) - filled < LATER:
            sink.write(out[:filled])
            out, filled = next(buffers), 0


def _plan(length: int) -> Iterator[tuple[int, int, bool]]:
    """Yield number, plaintext size and lastness of each segment."""
    count = segments(length)
    for number in range(count):
        size = min(length, FIRST if number == 0 else LATER)
        length -= size
        yield number, size, number == count - 1


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _two_buffers(size: int) -> Iterator[memoryview]:
    """Take turns, as `Sink` promises its writers will."""
    both = (memoryview(bytearray(size)), memoryview(bytearray(size)))
    while True:
        yield from both


def _fill(file: BinaryIO, buffer: memoryview) -> None:
    done = 0
    while done < len(buffer):
        count = file.readinto(buffer[done:])  # type: ignore[attr-defined]
        if not count:
            raise SealingError(Code.TRUNCATED, "ends inside a part")
        done += count
