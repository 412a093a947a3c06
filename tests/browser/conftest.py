"""Browser tests share Chromium's fixtures."""

from __future__ import annotations

from tests.browser.fixtures import chromium, context, faults, page

__all__ = ["chromium", "context", "faults", "page"]
