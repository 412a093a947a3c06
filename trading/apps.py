"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig

from core.verdicts import register


class TradingConfig(AppConfig):
    """Registers the app under its package name; gives its refusals words and its states looks."""

    name = "trading"

    def ready(self) -> None:
        """Load words and looks once Django can translate."""
        from accounts import chips  # noqa: PLC0415 - translations need the registry
        from accounts.services import todo  # noqa: PLC0415 - as above
        from accounts.web import register_statuses  # noqa: PLC0415 - as above
        from audit import words  # noqa: PLC0415 - as above
        from audit.selectors import sources  # noqa: PLC0415 - as above
        from trading import bid_steps  # noqa: PLC0415 - as above
        from trading.chips import CHIPS  # noqa: PLC0415 - as above
        from trading.event_words import ACTORS, GROUPS  # noqa: PLC0415 - as above
        from trading.refusals import STATUSES, TEXTS  # noqa: PLC0415 - as above
        from trading.selectors import trail  # noqa: PLC0415 - as above

        register(TEXTS)
        register_statuses(STATUSES)
        chips.register(CHIPS)
        words.register(*GROUPS)
        words.register_actors(ACTORS)
        sources.register(trail.SOURCE)
        todo.register(bid_steps.lines_of)
