"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig

from accounts.refusals import STATUSES, TEXTS
from core.verdicts import register


class AccountsConfig(AppConfig):
    """Registers the app under its package name, and its refusals with their words."""

    name = "accounts"

    def ready(self) -> None:
        """Register once the models are there."""
        from accounts import trail  # noqa: PLC0415 - needs the models
        from accounts.event_words import GROUP  # noqa: PLC0415 - as above
        from accounts.web.statuses import register_statuses  # noqa: PLC0415 - as above
        from audit import words  # noqa: PLC0415 - as above
        from audit.selectors import sources  # noqa: PLC0415 - as above

        register(TEXTS)
        register_statuses(STATUSES)
        words.register(GROUP)
        sources.register(trail.SOURCE)
