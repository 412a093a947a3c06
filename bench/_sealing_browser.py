"""The browser half of `sealing`: Chromium on a page from loopback, its files on a RAM disk."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from bench._bid import MIB, laid_out
from devtools import chromium
from devtools.places import ROOT
from devtools.preparing import node_environment

_ENTRIES = ("bench/_sealing_page.ts", "bench/_sealing_worker.ts", "frontend/entries/seal.worker.ts")
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>bench</title>
<body data-build="/"><input type="file"><script type="module" src="/_sealing_page.js"></script>
"""
_LOOK = 0.02  # seconds between two looks at the memory


@contextmanager
def opened(content: Path) -> Iterator[Page]:
    """Give a page in which the file is chosen; browser, page and server go when the block ends.

    The profile is an ordinary one beside the file: in a private window Chromium would keep the
    page's files in memory.
    """
    site = content.parent / "site"
    _bundle(site)
    with _served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            content.parent / "profile",
            executable_path=chromium.program(),
            args=list(chromium.FLAGS),
        )
        try:
            page = browser.pages[0]
            page.goto(address)
            page.wait_for_function("window.bench")
            page.set_input_files("input", content)
            yield page
        finally:
            browser.close()


def measures(page: Page, *, mebibytes: int) -> dict[str, Callable[[], float]]:
    """Return each measure by name; every one answers MiB/s by the page's own clock."""

    def rate(call: str) -> float:
        return mebibytes / (float(page.evaluate(call)) / 1000)

    page.evaluate("bench.keep()")
    return {
        "browser_seal": partial(rate, "bench.measure('seal')"),
        "browser_act": partial(rate, "bench.act()"),
        "webcrypto_aes_gcm": partial(rate, "bench.measure('webcrypto')"),
        "age_seal": partial(rate, "bench.measure('age')"),
    }


def peak_mib(mebibytes: int) -> int:
    """Return the peak of a fresh renderer that lays a file into the draft and seals it.

    It is the proportional set size: pages shared with other processes count in part. Looking
    slows the browser down, so nothing is timed here.
    """
    with laid_out(mebibytes) as bid, opened(bid.plain) as page, _watched() as peak:
        page.evaluate("bench.keep().then(bench.act)")
    return peak[0] // MIB


@contextmanager
def _watched() -> Iterator[list[int]]:
    """Look at the renderers again and again; gives the largest sum that was seen, in bytes."""
    own = psutil.Process().children(recursive=True)
    renderers = [one for one in own if "--type=renderer" in one.cmdline()]
    peak, ended = [0], threading.Event()

    def look() -> None:
        while not ended.is_set():
            peak[0] = max(peak[0], sum(one.memory_full_info().pss for one in renderers))
            time.sleep(_LOOK)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _bundle(site: Path) -> None:
    """Bundle as the build does, workers as entries of their own."""
    esbuild = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    options = ("--bundle", "--splitting", "--format=esm", "--target=es2022", "--minify")
    where = ("--entry-names=[name]", f"--outdir={site}", "--log-level=warning")
    subprocess.run(
        ["node", esbuild, *_ENTRIES, *options, *where],
        check=True,
        cwd=ROOT,
        env=node_environment(),
        stdout=sys.stderr,
    )
    (site / "index.html").write_text(_PAGE, encoding="utf-8")


@contextmanager
def _served(site: Path) -> Iterator[str]:
    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
