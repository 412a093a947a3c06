"""What the architecture tests look at: our own files, as git knows them or soon will."""

from __future__ import annotations

import ast
import subprocess
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("realtime", "evaluation", "trading", "bank_escrow", "venues", "accounts", "audit")


@lru_cache
def files(*endings):
    """Return our files with these endings: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    found = (ROOT / name for name in listed if name.endswith(endings))
    return tuple(sorted(path for path in found if path.is_file()))


def shown(path):
    return str(path.relative_to(ROOT))


def app_of(path):
    """Return the app that a file belongs to, None outside all apps."""
    first = path.relative_to(ROOT).parts[0]
    return first if first in APPS else None


@lru_cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path):
    """Yield (line, dotted name) for all that a module imports, names inside packages included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"
