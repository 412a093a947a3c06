"""Which Chromium the tests and the stories drive."""

from __future__ import annotations

import shutil

#: Debian's package without windows first: a page costs it a third of the processor's time.
PROGRAMS = ("chromium-headless-shell", "chromium")
FLAGS = (
    # Its sandbox and its services need a desktop user and a network; here is neither.
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def program() -> str | None:
    """Return the path of the first there is."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
