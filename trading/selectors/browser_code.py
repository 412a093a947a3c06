"""The code that runs in bidders' browsers, by its hashes: the build's list, and the offline page.

The build writes `SHA256SUMS`, one line a file; the list's own hash stands for all of them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders

LIST = "build/SHA256SUMS"
OFFLINE_PAGE = "offline.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserCode:
    """What a notice says of the code: whoever distrusts the server compares before running it."""

    bundle_sha256: str
    offline_sha256: str


def current() -> BrowserCode | None:
    """Return the hashes of what is served now; None where nothing was built."""
    found = finders.find(LIST)
    if found is None:
        return None
    listed = Path(found).read_bytes()
    hashes = {name: digest for digest, _, name in map(_parted, listed.decode().splitlines())}
    return BrowserCode(
        bundle_sha256=hashlib.sha256(listed).hexdigest(), offline_sha256=hashes[OFFLINE_PAGE]
    )


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition("  ")
