"""One person's way through pages: open, look from every side, tell all faults at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browser import kit

LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
HTML_LANGUAGES = {"zh": "zh-Hans", "en": "en"}
_PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
ALL = {"type": "tag", "values": list(kit.RULES)}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
NARROW = {
    "type": "rule",
    "values": ["color-contrast", "scrollable-region-focusable", "target-size"],
}
#: A window of 1366 px at 200 %.
ZOOMED = 683
_HEIGHT = 900
_NOT_DRAWN = "[data-hp=hall]:not([data-drawn])"
# Words that stand one or two signs a line because their column was squeezed.
_SQUEEZED = """() => {
  const places = 'td, th, dd, dt, li, p, label, h1, h2, h3, a, button';
  const more = 'td, th, li, p, label, button, svg, input, select';
  return [...document.querySelectorAll(places)].filter(e => {
    if (e.textContent.trim().length < 6 || e.querySelector(more)) return false;
    if (!e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) return false;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (style.position === 'absolute' || style.writingMode !== 'horizontal-tb') return false;
    const size = parseFloat(style.fontSize);
    const wide = box.width - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return box.width > 1 && wide < 2.6 * size && box.height > 3.5 * size;
  }).map(e => `squeezed ${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`)
    .slice(0, 3);
}"""
_TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => `${e.tagName}.${e.className}`).slice(0, 5).concat(['the page scrolls sideways'])"""
_AXE = """options => axe.run(document, options).then(found => found.violations.map(one =>
  `${one.id}: ` + one.nodes.slice(0, 3).map(n => n.html.slice(0, 150)
     + ' ' + n.failureSummary.split('\\n').slice(1).join(' ').slice(0, 200)).join(' | ')))"""
_PRIMARY = """() => [...document.querySelectorAll('main .btn-primary')]
  .filter(e => e.checkVisibility({checkVisibilityCSS: true}))
  .map(e => e.textContent.trim() || e.value)"""


class Visit:
    """Somebody at Chromium; faults are gathered until `check`."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        client: Client,
        *,
        built: Path,
        language: str = "zh",
    ) -> None:
        self.address, self.language = address, language
        self.faults: list[str] = []
        self._context = browser.new_context(
            locale=LANGUAGES[language],
            timezone_id="Asia/Shanghai",
            viewport={"width": 1366, "height": _HEIGHT},
            # A button caught between two colours has a contrast that nobody ever reads.
            reduced_motion="reduce",
        )
        self._context.set_default_timeout(30_000)
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        cookies[settings.LANGUAGE_COOKIE_NAME] = "en" if language == "en" else "zh-hans"
        self._context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
        )
        # A build of its own: the server's may be made anew under its feet.
        self._context.route(
            f"{address}/static/build/**",
            lambda route: route.fulfill(path=built / route.request.url.partition("/build/")[2]),
        )
        self._watch = kit.Faults(self._context)
        self.page: Page = self._context.new_page()

    def look_at(self, path: str, *, name: str, status: int = 200) -> None:
        """Open a page and look at it from every side."""
        self.open(path, status=status)
        self.examine(name, status=status)

    def show(self, content: bytes, *, name: str) -> None:
        """Look from every side at a page that the server only gives when it fails."""
        address = f"{self.address}/{name}"
        self.page.route(
            address, lambda route: route.fulfill(body=content, content_type="text/html")
        )
        self.look_at(f"/{name}", name=name)

    def examine(self, name: str, *, status: int = 200) -> None:
        """Look from every side at what is open; Chromium complains of every status but 200."""
        self._words(name)
        self._axe(name, "1366", ALL)
        kit.shoot(self.page, f"pages/{self.language}-1366/{name}")
        self.page.emulate_media(color_scheme="dark")
        self.page.wait_for_selector("html[data-bs-theme=dark]")
        self.page.evaluate(_PAINTED)
        self._axe(name, "dark", CONTRAST)
        self.page.emulate_media(color_scheme="light")
        for width in (1920, 768, ZOOMED, 360):
            self._fits(name, width)
        self._axe(name, "360", NARROW)
        kit.shoot(self.page, f"pages/{self.language}-360/{name}")
        self._heard(name, but=f"status of {status}")

    def glance_at(self, path: str, *, name: str) -> None:
        """Open a page and look whether its words fit."""
        self.open(path)
        self._words(name)
        kit.shoot(self.page, f"pages/{self.language}-1366/{name}")
        self._fits(name, 360)
        self._heard(name)

    def open(self, path: str, *, status: int = 200) -> None:
        """Go to an address and wait until it stands."""
        self.page.set_viewport_size({"width": 1366, "height": _HEIGHT})
        reply = self.page.goto(self.address + path)
        assert reply is not None
        if reply.status != status:
            self.faults.append(f"{path}: answers {reply.status}")
        self.page.wait_for_selector(_NOT_DRAWN, state="detached")

    def check(self) -> None:
        """Fail on everything that was found."""
        assert not self.faults, "\n".join(self.faults)

    def close(self) -> None:
        """Leave."""
        self._context.close()

    def _words(self, name: str) -> None:
        facts: Mapping[str, Any] = self.page.evaluate(
            """() => ({h1: document.querySelectorAll('h1').length, title: document.title,
                       lang: document.documentElement.lang})"""
        )
        if facts["h1"] != 1:
            self._fault(name, f"{facts['h1']} h1")
        if not re.match(r"\S.* · \S", facts["title"]):
            self._fault(name, f"title {facts['title']!r}")
        if facts["lang"] != HTML_LANGUAGES[self.language]:
            self._fault(name, f"lang {facts['lang']}")
        primary = self.page.evaluate(_PRIMARY)
        if len(primary) > 1:
            self._fault(name, f"{len(primary)} primary actions: {primary}")

    def _axe(self, name: str, look: str, rules: Mapping[str, Any]) -> None:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        options = {"runOnly": rules, "resultTypes": ["violations"]}
        for violation in self.page.evaluate(_AXE, options):
            self._fault(name, f"[{look}] {violation}")

    def _fits(self, name: str, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": _HEIGHT})
        self.page.evaluate(_PAINTED)
        for fault in (*self.page.evaluate(_TOO_WIDE), *self.page.evaluate(_SQUEEZED)):
            self._fault(name, f"[{width}] {fault}")

    def _heard(self, name: str, *, but: str = "") -> None:
        """Take over what the page complained about."""
        for complaint in self._watch.seen:
            if not but or but not in complaint:
                self._fault(name, complaint)
        self._watch.seen.clear()

    def _fault(self, name: str, words: str) -> None:
        self.faults.append(f"{name} {self.page.url.removeprefix(self.address)}: {words}")
