"""`manage.py document`: draw the pages of `docs/` that come from the code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from config.documents import PAGES, folder


class Command(BaseCommand):
    """Writes what is not current."""

    help = "Draw docs/lifecycles.md and docs/events.md anew."

    def handle(self, *_: Any, **__: Any) -> None:
        """Write each page."""
        for name, draw in PAGES.items():
            (folder() / name).write_text(draw(), encoding="utf-8")
            self.stdout.write(f"docs/{name}")
