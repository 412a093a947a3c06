"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig
from typing_extensions import override

from audit.refusals import TEXTS
from core.verdicts import register


class AuditConfig(AppConfig):
    """Registers the app under its package name, and its refusals with their words."""

    name = "audit"

    @override
    def ready(self) -> None:
        register(TEXTS)
