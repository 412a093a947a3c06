"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig
from typing_extensions import override

from audit import words
from audit.event_words import ACTORS, GROUP, STREAMS
from audit.refusals import TEXTS
from core.verdicts import register


class AuditConfig(AppConfig):
    """Registers the app under its package name, and its words: of refusals, events and actors."""

    name = "audit"

    @override
    def ready(self) -> None:
        register(TEXTS)
        words.register(GROUP)
        words.register_actors(ACTORS)
        words.register_streams(STREAMS)
