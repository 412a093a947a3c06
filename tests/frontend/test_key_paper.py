"""The opening key on paper: a scanner reads the key file back from it, and the page takes it."""

from __future__ import annotations

import re

import pytest

from sealing import keys
from tests.browser import kit
from tests.frontend.test_pages import WORDS, make_key, platform

__all__ = ["platform"]
pytestmark = pytest.mark.browser


def scanned(page, twin) -> str:
    """Read the code of the sheet as a scanner does."""
    code = page.locator(".key-paper svg.key-paper__code")
    side = int(code.get_attribute("viewBox").split()[-1])
    drawn = code.locator("path").get_attribute("d")
    squares = [[int(x), int(y)] for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn)]
    return str(twin.call("scan", side, squares))


class TestThePaperForm:
    @pytest.mark.parametrize("suite", ["2", "GM-1"])
    def test_holds_the_longer_files_of_other_suites(self, page, platform, twin):
        file = make_key(page, platform)
        assert scanned(page, twin).encode() == file

    def test_is_read_back_and_loads_like_the_file(self, page, platform, twin):
        file = make_key(page, platform)
        text = scanned(page, twin)
        assert text.encode() == file
        assert text == page.inner_text(".key-paper__text")
        kid = keys.read_public(file).kid
        assert kid in page.inner_text(".key-paper")
        kit.assert_accessible(page)

        page.evaluate("indexedDB.deleteDatabase('hengping')")
        page.goto(f"{platform.address}/key")
        page.click("text=只有打印的密钥")
        # A scanner's application breaks the line where it likes.
        page.fill("#key-reload-pasted", f"{text[:90]}\n{text[90:]}\n")
        page.fill("#key-reload-passphrase", WORDS)
        page.click("[data-part=check]")
        page.wait_for_selector("[data-hp=opening-key][data-state=ready]")

        page.evaluate("indexedDB.deleteDatabase('hengping')")
        page.goto(f"{platform.address}/build")
        page.click("[data-hp=key-gate] >> text=只有打印的密钥")
        page.fill("#key-gate-pasted", text[:-9])
        page.fill("#key-gate-passphrase", WORDS)
        page.click("[data-hp=key-gate] [data-part=open]")
        page.wait_for_selector("[data-hp=key-gate] >> text=KEY_FILE")
        page.fill("#key-gate-pasted", text)
        page.click("[data-hp=key-gate] [data-part=open]")
        page.wait_for_selector("[data-part=work]:not([hidden])")

    def test_goes_on_paper_alone_and_without_the_passphrase(self, page, platform):
        make_key(page, platform)
        page.emulate_media(media="print")
        page.evaluate(
            """() => { window.print = () => {
                 const shown = [...document.body.children].filter(
                   one => getComputedStyle(one).display !== 'none');
                 window.onPaper = shown.map(one => [one.className, one.innerText]) } }"""
        )
        page.dispatch_event("text=打印密钥", "click")  # the button itself is not for paper
        ((name, words),) = page.evaluate("onPaper")
        assert name == "key-paper"
        assert WORDS not in words
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(".key-paper").count() == 1
