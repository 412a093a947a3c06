"""How a person wants to be served: language, appearance, where messages go."""

from __future__ import annotations

from accounts.models import Person


def settle(
    *, person: Person, language: str, theme: str, large_text: bool, phone: str, email: str
) -> None:
    """Keep a person's settings; preferences are no events."""
    Person.objects.filter(pk=person.pk).update(
        language=language, theme=theme, large_text=large_text, phone=phone, email=email
    )


def prefer(*, person: Person, theme: str, large_text: bool) -> None:
    """Keep the two switches of the page header."""
    Person.objects.filter(pk=person.pk).update(theme=theme, large_text=large_text)
