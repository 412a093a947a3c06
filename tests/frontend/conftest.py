"""The bundle built once, and Chromium with the browser's twin of `sealing` laid open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.fixtures import chromium, context, faults, page
from tests.frontend import server

__all__ = ["chromium", "context", "faults", "page"]

TWIN_PAGE = b"""<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>twin</title>
<body><script type="module" src="/bench-files/twin.js"></script></body></html>"""


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """Build the bundle that the pages load; nobody else's build gets in its way."""
    out: Path = tmp_path_factory.mktemp("static") / "build"
    server.build(out)
    return out


@pytest.fixture
def suite() -> str:
    """Say what the tender is sealed with, where a test is not about that."""
    return "1"


class Twin:
    """The browser's twin: calls go to the page, files come back by POST."""

    def __init__(self, context: BrowserContext, address: str, *, folder: Path) -> None:
        self.address = address
        self.folder = folder
        self.posted: list[bytes] = []
        self._page = context.new_page()
        self._page.goto(f"{address}/twin")
        self._page.wait_for_function("window.hp")

    def call(self, name: str, *given: object) -> object:
        """Call a tool of twin.ts and return its JSON."""
        return self._page.evaluate("([name, given]) => hp.call(name, ...given)", [name, given])

    def outcome(self, name: str, *given: object) -> str:
        """Return the code a call was refused with, or nothing."""
        return str(
            self._page.evaluate("([name, given]) => hp.outcome(name, ...given)", [name, given])
        )


@pytest.fixture(scope="module")
def twin(chromium, tmp_path_factory) -> Iterator[Twin]:
    """Open a page with the twin; `/bench-files/` serves what a test writes to `twin.folder`."""
    work = tmp_path_factory.mktemp("twin")
    server.bundle(Path(__file__).parent / "twin.ts", work / "twin.js")
    posted: list[bytes] = []

    def answer(asked: server.Asked) -> server.Answer | None:
        if asked.path == "/twin":
            return server.Answer(body=TWIN_PAGE, type=server.TYPES[".html"])
        if asked.method == "POST":
            posted.append(asked.body)
            return server.Answer(status=204)
        return None

    folders = {"/bench-files/": work, "/vectors/": server.VECTORS}
    with server.serving(folders=folders, answer=answer) as address:
        context = chromium.new_context()
        made = Twin(context, address, folder=work)
        made.posted = posted
        yield made
        context.close()
