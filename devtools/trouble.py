"""What went wrong, as one plain sentence in Chinese and in English."""

from __future__ import annotations

import errno
import re
import shutil
import sys
import tempfile
from pathlib import Path

_ROOM = 4 * 1024 * 1024  # less than this and nothing of ours can be written
ENVIRONMENT = 3  # the exit code for trouble that is not the project's own

_FULL = re.compile(r"No space left on device|ENOSPC|Disk quota exceeded|EDQUOT", re.IGNORECASE)
_UNREACHED = {
    "pip": re.compile(
        r"Could not find a version|No matching distribution|NewConnectionError|ConnectTimeout"
        r"|Max retries|name resolution|ProxyError|SSLError|ReadTimeout|Connection refused",
    ),
    "npm": re.compile(
        r"ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|ENETUNREACH"
        r"|SELF_SIGNED_CERT|UNABLE_TO_VERIFY|CERT_HAS_EXPIRED",
    ),
    "apt-get": re.compile(r"Unable to locate package|Failed to fetch|Temporary failure resolving"),
}


class Trouble(Exception):  # noqa: N818 - what a person meets, not a programming error
    """A sentence for the person at the keyboard, and the exit code that goes with it."""

    def __init__(self, chinese: str, english: str, *, code: int = ENVIRONMENT) -> None:
        super().__init__(english)
        self.chinese = chinese
        self.english = english
        self.code = code

    def tell(self) -> None:
        """Say it."""
        sys.stdout.flush()
        sys.stderr.write(f"{self.chinese}\n{self.english}\n")


def disk_full(where: Path) -> Trouble:
    """Say that there is no room, naming the folder of ours whose disk it is."""
    where = next((folder for folder in _folders(where) if _has_no_room(folder)), where)
    return Trouble(
        f"{where} 所在的磁盘已满，请腾出空间后再试。",
        f"The disk holding {where} is full; free some space and try again.",
    )


def is_disk_full(text: str) -> bool:
    """Tell whether a tool died of want of room."""
    return _FULL.search(text) is not None


def from_os(error: OSError, *, where: Path) -> Trouble | None:
    """Turn an operating system's error into a sentence, if it is one a person can act on."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(where)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        name = error.filename or where
        return Trouble(
            f"没有权限写入 {name}，请检查归属后再试。",
            f"{name} cannot be written; check who owns it and try again.",
        )
    return None


def from_output(text: str, *, tool: str, log: Path, where: Path) -> Trouble:
    """Turn what a failed tool printed into a sentence."""
    # On a full disk not even the log may hold what the tool said.
    if is_disk_full(text) or any(map(_has_no_room, _folders(where))):
        return disk_full(where)
    unreached = _UNREACHED.get(tool)
    if unreached and unreached.search(text):
        return Trouble(
            f"{tool} 连接不到软件源，请检查网络或镜像设置后再试（详见 {log}）。",
            f"{tool} cannot reach its package registry; "
            f"check the network or the mirror and try again (see {log}).",
        )
    return Trouble(f"{tool} 没有成功，详见 {log}。", f"{tool} did not succeed; see {log}.")


def _folders(where: Path) -> tuple[Path, ...]:
    return (where, Path(tempfile.gettempdir()))


def _has_no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _ROOM
    except OSError:
        return False
