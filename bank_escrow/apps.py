"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class BankEscrowConfig(AppConfig):
    """Registers the app under its package name, and its words."""

    name = "bank_escrow"

    def ready(self) -> None:
        """Teach the refusals and the chips the words of money."""
        from accounts import chips  # noqa: PLC0415 - apps are not loaded before
        from accounts.web import register_statuses  # noqa: PLC0415 - as above
        from audit import words  # noqa: PLC0415 - as above
        from audit.selectors import sources  # noqa: PLC0415 - as above
        from bank_escrow.event_words import ACTORS, GROUPS  # noqa: PLC0415 - as above
        from bank_escrow.refusals import TEXTS  # noqa: PLC0415 - as above
        from bank_escrow.selectors import trail  # noqa: PLC0415 - as above
        from bank_escrow.words import CHIPS  # noqa: PLC0415 - as above
        from core.verdicts import register  # noqa: PLC0415 - as above

        register(TEXTS)
        register_statuses(
            {"M-101": 403, "M-201": 403, "M-401": 401, "M-404": 404, "M-501": 410}
            | {"M-601": 403, "M-605": 403}
        )
        chips.register(CHIPS)
        words.register(*GROUPS)
        words.register_actors(ACTORS)
        sources.register(trail.SOURCE)
