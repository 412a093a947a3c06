"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class VenuesConfig(AppConfig):
    """Registers the app under its package name."""

    name = "venues"
