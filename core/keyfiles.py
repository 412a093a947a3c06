"""Keys in files: made once, whole, and readable by their owner only.

Several processes may start at once and find no key. Each writes its own beside the place and
links it there; a link fails where a name exists, so the first one stays and nobody ever reads
half a key.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

OWNER_ONLY = 0o600


def make_once(path: Path, content: bytes) -> None:
    """Write a fresh key where none lies yet; one that lies there already is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
