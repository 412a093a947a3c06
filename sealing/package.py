"""The package that lies in part 1: a manifest, then the files, streamed both ways. SPEC.md §3.3."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sealing import canonical
from sealing.errors import Code, SealingError
from sealing.shapes import among, exact, is_list, same, whole
from sealing.streams import Background, FilePiece, Piece, write_all

PARTS = ("technical", "commercial", "price")
MAX_FILES = 500
MAX_MANIFEST = 262_144
MAX_NAME_BYTES = 240

_LENGTH_BYTES = 4

# Separators and what Windows forbids; controls; marks that hide or turn the reading direction.
_FORBIDDEN = re.compile(
    '[/\\\\<>:"|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]'
)
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """A file to be sealed."""

    name: str
    part: str
    content: Piece

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.size

    @classmethod
    def from_path(cls, path: Path, *, part: str, name: str | None = None) -> PackedFile:
        """Take a file from disk; composed and decomposed accents become one spelling."""
        normal = unicodedata.normalize("NFC", path.name if name is None else name)
        return cls(name=normal, part=part, content=FilePiece.of(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A file that came out; the digest was computed on the way."""

    name: str
    part: str
    size: int
    sha256: bytes


def pack(files: Sequence[PackedFile]) -> list[Piece]:
    """Return the content of a package as pieces to be streamed."""
    manifest = {
        "v": 1,
        "files": [{"name": f.name, "part": f.part, "size": f.size} for f in files],
    }
    _check_manifest(manifest)
    data = canonical.dumps(manifest)
    if len(data) > MAX_MANIFEST:
        raise SealingError(Code.TOO_LARGE, "the list of files")
    return [len(data).to_bytes(_LENGTH_BYTES, "big") + data, *(f.content for f in files)]


class Unpacking:
    """A sink that takes a package and lays its files into a folder.

    The folder is a temporary one beside `into`; `publish` gives it its name once all is verified.
    """

    def __init__(self, into: Path) -> None:
        self._into = into
        self._folder = into.with_name(f".{into.name[:100]}.{secrets.token_hex(8)}.part")
        self._head = b""
        self._waiting: list[dict[str, Any]] | None = None
        self._current: dict[str, Any] | None = None
        self._file: BinaryIO | None = None
        self._digest = hashlib.sha256()
        self._background = Background()
        self._left = 0
        self.files: list[OpenedFile] = []
        self._folder.mkdir(mode=0o700)

    def write(self, data: memoryview) -> None:
        """Take the next bytes of the package."""
        if self._waiting is None:
            data = self._read_manifest(data)
        while data:
            if self._file is None:
                raise SealingError(Code.PACKAGE, "bytes after the last file")
            piece = data[: self._left]
            self._background.submit(self._digest.update, piece)
            write_all(self._file, piece)
            self._left -= len(piece)
            data = data[len(piece) :]
            self._next_file()

    def publish(self) -> tuple[OpenedFile, ...]:
        """Give the folder its name; only an empty folder may stand there already."""
        if self._waiting is None or self._file is not None:
            raise SealingError(Code.PACKAGE, "ends before its last file")
        self._folder.replace(self._into)
        return tuple(self.files)

    def discard(self) -> None:
        """Leave nothing half-written behind; after `publish` there is nothing to discard."""
        self._background.close()
        if self._file is not None:
            self._file.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _read_manifest(self, data: memoryview) -> memoryview:
        need = _LENGTH_BYTES
        if len(self._head) < need:
            taken = need - len(self._head)
            self._head += bytes(data[:taken])
            data = data[taken:]
        if len(self._head) < _LENGTH_BYTES:
            return data
        size = int.from_bytes(self._head[:_LENGTH_BYTES], "big")
        if size > MAX_MANIFEST:
            raise SealingError(Code.PACKAGE, f"a list of files of {size} bytes")
        taken = _LENGTH_BYTES + size - len(self._head)
        self._head += bytes(data[:taken])
        if len(self._head) == _LENGTH_BYTES + size:
            self._waiting = _read_manifest(self._head[_LENGTH_BYTES:])
            self._next_file()
        return data[taken:]

    def _next_file(self) -> None:
        """Close a finished file and open the next; files of no bytes pass at once."""
        while not self._left:
            if self._file is not None and self._current is not None:
                self._file.close()
                self._file = None
                self._background.wait()
                self.files.append(OpenedFile(**self._current, sha256=self._digest.digest()))
            if not self._waiting:
                return
            self._current = self._waiting.pop(0)
            self._digest = hashlib.sha256()
            self._left = self._current["size"]
            self._file = (self._folder / self._current["name"]).open("xb", buffering=0)


def _read_manifest(data: bytes) -> list[dict[str, Any]]:
    try:
        manifest = canonical.loads(data)
    except SealingError as error:
        raise SealingError(Code.PACKAGE, error.detail) from error
    return _check_manifest(manifest)


def _check_manifest(manifest: object) -> list[dict[str, Any]]:
    body = exact(manifest, {"v": same(1), "files": is_list}, what="package", code=Code.PACKAGE)
    files: list[dict[str, Any]] = [
        exact(
            item,
            {"name": _is_name, "part": among(*PARTS), "size": whole()},
            what="file",
            code=Code.PACKAGE,
        )
        for item in body["files"]
    ]
    if len(files) > MAX_FILES:
        raise SealingError(Code.TOO_LARGE, f"{len(files)} files; {MAX_FILES} is the limit")
    if len({f["name"].translate(_ASCII_LOWER) for f in files}) != len(files):
        raise SealingError(Code.PACKAGE, "two files of one name")
    return files


def _is_name(value: object) -> bool:
    if not isinstance(value, str) or not value or _FORBIDDEN.search(value):
        return False
    try:
        size = len(value.encode("utf-8"))
    except UnicodeEncodeError:
        return False
    return (
        size <= MAX_NAME_BYTES
        and value[0] not in " ."
        and value[-1] not in " ."
        and unicodedata.is_normalized("NFC", value)
    )
