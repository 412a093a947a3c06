"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig

from core.verdicts import register


class TradingConfig(AppConfig):
    """Registers the app under its package name and gives its refusals their words."""

    name = "trading"

    def ready(self) -> None:
        """Load the words of the refusals once Django can translate."""
        from trading.refusals import TEXTS  # noqa: PLC0415 - translations need the registry

        register(TEXTS)
