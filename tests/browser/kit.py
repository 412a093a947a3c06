"""Driving Chromium: launching it, watching a page for faults, axe, screenshots."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from devtools import chromium

# A busy machine is slow, which is no fault of the code under test: waiting costs nothing else.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
DESKTOP: ViewportSize = {"width": 1366, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDTHS = (360, 768, 1366, 1920)
ARTEFACTS = Path(__file__).parents[2] / "artefacts" / "screens"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@contextmanager
def launched() -> Iterator[Browser]:
    """Run Chromium with a profile of its own that vanishes with it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=list(chromium.FLAGS)
        )
        try:
            yield browser
        finally:
            browser.close()


class Faults:
    """What went wrong in the pages of a context without anybody looking."""

    def __init__(self, context: BrowserContext) -> None:
        self.seen: list[str] = []
        self.expected: list[str] = []
        context.on("weberror", lambda error: self.seen.append(f"script: {error.error}"))
        context.on("console", self._console)
        context.on("request", lambda request: self._host(request.url))

    def expect(self, pattern: str) -> None:
        """Let messages that match pass: the test provokes them."""
        self.expected.append(pattern)

    def check(self) -> None:
        """Fail on anything nobody expected."""
        odd = [one for one in self.seen if not any(re.search(p, one) for p in self.expected)]
        assert not odd, "\n".join(odd)

    def _console(self, message) -> None:
        if message.type == "error":
            self.seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname not in {"127.0.0.1", "localhost"}:
            self.seen.append(f"left the host: {url}")


def assert_accessible(page: Page) -> None:
    """Fail on any violation axe can see, and say where it is."""
    # A click returns once the next page's address stands; its body may still be on the way.
    page.wait_for_load_state("load")
    # A button caught between two colours has a contrast that nobody ever reads.
    page.evaluate(
        """() => Promise.allSettled(document.getAnimations()
             .filter(one => one.effect.getTiming().iterations !== Infinity)
             .map(one => one.finished))"""
    )
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": list(RULES)}})
    violations = found.response["violations"]
    report = [
        f"{one['id']}: {one['help']}\n"
        + "\n".join(
            f"  {node['html'][:160]}\n    {node['failureSummary']}" for node in one["nodes"]
        )
        for one in violations
    ]
    assert not violations, "\n".join(report)


def assert_fits(page: Page) -> None:
    """Fail if the page itself scrolls sideways."""
    page.wait_for_load_state("load")
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
             [...document.querySelectorAll('body *')]
               .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
               .map(e => `${e.tagName}.${e.className}`).slice(0, 10)"""
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), wide


def shoot(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep a screenshot among the artefacts, where somebody means to look at them.

    A run draws several hundred, a third of its time in Chromium: `HENGPING_PICTURES=1` asks.
    """
    if "HENGPING_PICTURES" not in os.environ:
        return
    path = ARTEFACTS / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=whole)
