"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig

from core.verdicts import register


class VenuesConfig(AppConfig):
    """Registers the app under its package name and gives its refusals their words."""

    name = "venues"

    def ready(self) -> None:
        """Load the words of the refusals once Django can translate."""
        from venues.refusals import TEXTS  # noqa: PLC0415 - translations need the registry

        register(TEXTS)
