"""Where this checkout keeps what it makes for itself."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
LOGS = RUN / "log"
STAMPS = RUN / "stamps"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

#: Two checkouts on one machine are told apart by this.
CHECKOUT = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]


def is_root() -> bool:
    """Tell whether system packages can be installed and privileges must be dropped."""
    return os.geteuid() == 0


def fingerprint(paths: Iterable[Path], *extra: str) -> str:
    """Return one digest over files, folders (all that is in them) and words."""
    digest = hashlib.sha256()
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in inside:
            body = file.read_bytes() if file.exists() else b""
            digest.update(f"{file.relative_to(ROOT)}\0{len(body)}\0".encode())
            digest.update(body)
    digest.update("\0".join(extra).encode())
    return digest.hexdigest()


def is_done(step: str, mark: str) -> bool:
    """Tell whether a step was last done from exactly these inputs."""
    stamp = STAMPS / step
    return stamp.exists() and stamp.read_text(encoding="ascii") == mark


def set_done(step: str, mark: str) -> None:
    """Remember that a step was done from these inputs."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(mark, encoding="ascii")
