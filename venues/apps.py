"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig

from core.verdicts import register
from venues.refusals import STATUSES, TEXTS


class VenuesConfig(AppConfig):
    """Registers the app under its package name, and its refusals with their words."""

    name = "venues"

    def ready(self) -> None:
        """Register once the models are there."""
        from accounts.web import register_statuses  # noqa: PLC0415 - needs the models
        from audit import words  # noqa: PLC0415 - as above
        from venues.event_words import GROUP  # noqa: PLC0415 - as above

        register(TEXTS)
        register_statuses(STATUSES)
        words.register(GROUP)
