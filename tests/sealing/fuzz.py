"""What fuzzing throws at: each target takes bytes and ends in a value or in a SealingError."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path

from sealing import header, stream
from sealing.encoding import unb64u
from sealing.errors import SealingError
from sealing.shares import Share
from sealing.streams import Chain, Collecting
from sealing.suites import DEFAULT, Suite, SuiteId, of
from tests.sealing import scene
from tests.vectors.reading import FOLDER, read

PART_KEY, AAD = bytes(range(32)), b"aad"
PART_BYTES = 500


@cache
def sealed(suite: SuiteId) -> tuple[bytes, tuple[Share, ...]]:
    """Give the frozen file of a suite and both its shares."""
    told = read("sealed", suite)
    shares = tuple(
        Share(label=label, secret=unb64u(text)) for label, text in told["shares"].items()
    )
    return (FOLDER / told["file"]).read_bytes(), shares


@cache
def prefix(suite: SuiteId) -> bytes:
    """Give the frozen file up to the end of its header."""
    data, _ = sealed(suite)
    return data[: 12 + int.from_bytes(data[8:12], "big")]


@cache
def part(suite: Suite) -> bytes:
    """Give a small part that opens."""
    sink = Collecting()
    stream.encrypt(
        Chain([bytes(PART_BYTES)]), sink, key=PART_KEY, aad=AAD, suite=suite, random=bytes
    )
    return sink.data


def read_header(data: bytes) -> bool:
    """Read a header, and what was read is written as it was."""
    with suppress(SealingError):
        made = header.read(BytesIO(data))
        assert data.startswith(made.prefix)
        return True
    return False


def read_part(data: bytes, *, suite: Suite = DEFAULT, length: int = PART_BYTES) -> bool:
    """Read a part of a known length."""
    with suppress(SealingError):
        sink = Collecting()
        stream.decrypt(BytesIO(data), sink, key=PART_KEY, aad=AAD, length=length, suite=suite)
        assert len(sink.data) == length
        return True
    return False


def open_file(data: bytes, *, suite: SuiteId = SuiteId.X25519) -> bool:
    """Open a whole file; what was refused left nothing behind."""
    _, shares = sealed(suite)
    with tempfile.TemporaryDirectory() as folder:
        try:
            scene.open_all(BytesIO(data), shares=shares, into=Path(folder) / "out")
        except SealingError:
            assert list(Path(folder).iterdir()) == []
            return False
        return True


def throw(target: str, data: bytes) -> None:
    """Let the first bytes choose the suite (and the length of a part), the rest is read."""
    suite = list(SuiteId)[data[0] % len(SuiteId)] if data else SuiteId.X25519
    if target == "header":
        read_header(data[1:])
    else:
        read_part(data[3:], suite=of(suite), length=int.from_bytes(data[1:3], "big"))


def corpus(folder: Path) -> None:
    """Write what is good as `throw` takes it, so that the fuzzer begins near it."""
    for number, suite in enumerate(SuiteId):
        lead = bytes([number])
        (folder / f"header-{suite}").write_bytes(lead + prefix(suite))
        length = PART_BYTES.to_bytes(2, "big")
        (folder / f"part-{suite}").write_bytes(lead + length + part(of(suite)))
