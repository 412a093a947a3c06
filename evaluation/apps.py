"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig

from core.verdicts import register


class EvaluationConfig(AppConfig):
    """Registers the app under its package name and gives its refusals their words."""

    name = "evaluation"

    def ready(self) -> None:
        """Load the words of the refusals once Django can translate."""
        from accounts import chips  # noqa: PLC0415 - needs the registry
        from accounts.web import register_statuses  # noqa: PLC0415 - needs the models
        from audit import words  # noqa: PLC0415 - needs the models
        from audit.selectors import sources  # noqa: PLC0415 - as above
        from evaluation.chips import CHIPS  # noqa: PLC0415 - needs the registry
        from evaluation.event_words import GROUPS  # noqa: PLC0415 - needs the models
        from evaluation.refusals import STATUSES, TEXTS  # noqa: PLC0415 - needs the registry
        from evaluation.selectors import trail  # noqa: PLC0415 - needs the models

        register(TEXTS)
        chips.register(CHIPS)
        register_statuses(STATUSES)
        words.register(*GROUPS)
        sources.register(trail.SOURCE)
