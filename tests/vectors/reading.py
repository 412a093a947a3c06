"""The frozen files, read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sealing.suites import SuiteId

FOLDER = Path(__file__).parent


def read(name: str, suite: str = SuiteId.X25519) -> Any:
    """Read one file; those of suite 1 were there first and carry no suite in their names."""
    end = "" if suite == SuiteId.X25519 else f"-{suite}"
    return json.loads((FOLDER / f"{name}{end}.json").read_text())
