"""One bidder at a real browser: key, form, sealing, delivery and release through the pages.

`--browser` gives the first sound bid of a story to Chromium; everybody else stays with `door`.
The server's scripts run as they are served, and the private key never leaves the browser's
profile but as the file that it downloads.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from core.money import yuan
from devtools import chromium
from sealing.keys import OpeningKey, unwrap
from stories.door import Session
from stories.story import Bid
from stories.troubles import CannotRun

try:
    from playwright.sync_api import Error as BrowserError
    from playwright.sync_api import FilePayload, Page, sync_playwright
except ImportError as absent:
    raise CannotRun("--browser needs the development packages: ./dev test brings them") from absent

_WORDS = "yao-shi-zai-wo-2026"
_PATIENCE_MS = 120_000


class Browser:
    """Chromium with one bidder's session in it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._base = session.base

    def __enter__(self) -> Self:
        try:
            self._playwright = sync_playwright().start()
            self._chromium = self._playwright.chromium.launch(
                executable_path=chromium.program(), args=list(chromium.FLAGS)
            )
        except BrowserError as problem:
            raise CannotRun(f"no browser: {problem}") from problem
        context = self._chromium.new_context(locale="zh-CN", accept_downloads=True)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": self._base}
                for name, value in self._session.cookie_values.items()
            ]
        )
        self._page: Page = context.new_page()
        self._page.set_default_timeout(_PATIENCE_MS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._chromium.close()
        self._playwright.stop()

    def make_key(self, lot: str) -> OpeningKey:
        """Make the opening key, keep its file, and prove that the file loads again."""
        page = self._page
        page.goto(f"{self._base}/bids/{lot}/key")
        page.fill("#key-passphrase", _WORDS)
        page.fill("#key-passphrase-again", _WORDS)
        with page.expect_download() as download:
            page.click("[data-part=make]")
        file = download.value.path().read_bytes()
        page.set_input_files("#key-reload-file", _file("key.json", "application/json", file))
        page.fill("#key-reload-passphrase", _WORDS)
        page.click("[data-part=check]")
        page.wait_for_selector("[data-hp=opening-key][data-state=ready]")
        return unwrap(file, passphrase=_WORDS)

    def submit(self, lot: str, bid: Bid, files: Sequence[tuple[str, Path]]) -> None:
        """Fill the form, lay the files into their slots, seal and deliver."""
        page = self._page
        page.goto(f"{self._base}/bids/{lot}/build")
        page.wait_for_selector("[data-part=work]:not([hidden])")
        page.type("#id_price", yuan(bid.price_fen))
        page.fill("#id_duration_days", str(bid.duration_days))
        page.fill("#id_quality", bid.quality)
        page.fill("#id_manager", bid.manager)
        for part, path in files:
            page.set_input_files(f"#slot-{part}-input", path)
            page.wait_for_selector(f"[data-slot={part}] [data-part=files] >> text={path.name}")
        page.wait_for_selector("[data-hp=bid-build][data-must='0']")
        page.goto(f"{self._base}/bids/{lot}/submit")
        page.wait_for_selector("[data-part=start]")
        self._sign()
        page.click("[data-part=start]")
        page.wait_for_selector("[data-hp=seal][data-state=delivered]")

    def release(self, lot: str) -> None:
        """Decrypt with the one button of the hall."""
        page = self._page
        page.goto(f"{self._base}/hall/{lot}")
        page.wait_for_selector("[data-hp=release] [data-part=start]", state="visible")
        self._sign("[data-hp=release] [data-hp=sign-block]")
        page.click("[data-hp=release] [data-part=start]")
        page.wait_for_selector("[data-hp=release][data-state=released]", state="attached")

    def _sign(self, block: str = "[data-hp=sign-block]") -> None:
        """Give the page the certificate file, where it asks for one."""
        page, held = self._page, self._session.certificate_file
        if page.locator(f"{block} [data-part=load]").first.is_visible():
            file = _file("certificate.p12", "application/x-pkcs12", held.content)
            page.set_input_files(f"{block} [data-part=file]", file)
            page.fill(f"{block} [data-part=pin]", held.passphrase)


def _file(name: str, kind: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType=kind, buffer=content)
