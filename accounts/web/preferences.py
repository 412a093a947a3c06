"""How somebody likes their pages: theme and text size, from cookies, else from the account."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

THEMES = ("auto", "light", "dark")
SIZES = ("normal", "large")
# The header's buttons write the same cookies in the browser (frontend/ui/preferences.ts).
THEME_COOKIE = "hp-theme"
SIZE_COOKIE = "hp-size"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Theme (`auto`, `light`, `dark`) and 大字版."""

    theme: str = "auto"
    large_text: bool = False


def of(request: HttpRequest) -> Preferences:
    """Return the preferences behind a request: this browser's, else the account's."""
    known = Preferences()
    # A request that was refused at the gate, for its host, never got a user.
    if hasattr(request, "user") and request.user.is_authenticated:
        person = request.user
        known = Preferences(theme=person.theme, large_text=person.large_text)
    theme = request.COOKIES.get(THEME_COOKIE)
    size = request.COOKIES.get(SIZE_COOKIE)
    return Preferences(
        theme=theme if theme in THEMES else known.theme,
        large_text=size == "large" if size in SIZES else known.large_text,
    )


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Speak this language to this browser from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def remember(response: HttpResponseBase, chosen: Preferences) -> None:
    """Keep the preferences in this browser."""
    values = {THEME_COOKIE: chosen.theme, SIZE_COOKIE: "large" if chosen.large_text else "normal"}
    for name, value in values.items():
        response.set_cookie(
            name,
            value,
            max_age=_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=False,
            samesite="Lax",
        )
