"""Chromium as fixtures; a folder that wants them imports them into its conftest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import kit


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run one Chromium a module.

    While it runs, Playwright's event loop counts as running in this thread: Django must be told
    that its database calls are synchronous all the same, and no async test may share the module.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with kit.launched() as browser:
            yield browser


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Give a fresh visitor in Suzhou."""
    made = chromium.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport=kit.DESKTOP, accept_downloads=True
    )
    made.set_default_timeout(kit.PATIENCE)
    yield made
    made.close()


@pytest.fixture
def faults(context: BrowserContext) -> Iterator[kit.Faults]:
    """Watch the pages; the test fails on script errors, console errors and foreign hosts."""
    watch = kit.Faults(context)
    yield watch
    watch.check()


@pytest.fixture
def page(context: BrowserContext, faults: kit.Faults) -> Page:
    """Give a page that is watched."""
    return context.new_page()
