"""What all commands do with files and passphrases."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Any

from sealing import canonical
from sealing.errors import SealingError
from sealing.streams import published, write_all
from sealing.suites import Suite

PASSPHRASE_VARIABLE = "GGZY_PASSPHRASE"  # noqa: S105 - the name of a variable
MAX_TEXT = 64 << 20


class BadInput(Exception):  # noqa: N818 - it names what is wrong
    """An argument or file is not what the command needs."""


class CannotWork(Exception):  # noqa: N818 - as above
    """Nothing is wrong with the input, but the machine does not let us."""


def read_bytes(path: Path) -> bytes:
    """Read a small file that the user named."""
    try:
        if path.stat().st_size > MAX_TEXT:
            raise BadInput(f"{path}: too large")
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise BadInput(f"{path}: no such file") from error


def read_text(path: Path) -> str:
    """Read a small text file that the user named."""
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text") from error


def read_json(path: Path) -> Any:
    """Read a JSON file in any layout."""
    try:
        return canonical.loads_lenient(read_bytes(path))
    except SealingError as error:
        raise BadInput(f"{path}: {error.detail}") from error


def existing(path: Path) -> Path:
    """Insist that a file the user named is there."""
    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    return path


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet: a key is never overwritten."""
    fresh(path)
    with published(path) as file:
        write_all(file, memoryview(data))


def fresh(path: Path) -> Path:
    """Insist that nothing stands under this name."""
    if path.exists():
        raise BadInput(f"{path}: exists already")
    if not path.parent.is_dir():
        raise BadInput(f"{path.parent}: no such folder")
    return path


def passphrase(file: Path | None, *, prompt: str, twice: bool = False) -> str:
    """Take a passphrase from a file, the environment or the keyboard; never from an argument."""
    if file is not None:
        return read_text(file).rstrip("\r\n")
    if PASSPHRASE_VARIABLE in os.environ:
        return os.environ[PASSPHRASE_VARIABLE]
    if not sys.stdin.isatty():
        raise BadInput(f"no passphrase: use --passphrase-file or {PASSPHRASE_VARIABLE}")
    typed = getpass.getpass(f"{prompt}: ")
    if twice and getpass.getpass(f"{prompt} (again): ") != typed:
        raise BadInput("the two passphrases differ")
    return typed


def told(suite: Suite) -> dict[str, str]:
    """Say which suite was used, and what it is not."""
    notice = {"notice": suite.notice} if suite.notice else {}
    return {"suite": suite.id.value, **notice}
