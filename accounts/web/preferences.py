"""How somebody likes their pages: theme and text size, from the account or from cookies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.models import Person

THEMES = ("auto", "light", "dark")
THEME_COOKIE = f"hp{settings.CENTRE_CODE}theme"
TEXT_COOKIE = f"hp{settings.CENTRE_CODE}text"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Theme (`auto`, `light`, `dark`) and 大字版."""

    theme: str = "auto"
    large_text: bool = False


def of(request: HttpRequest) -> Preferences:
    """Return the preferences behind a request; a visitor's are in cookies."""
    if request.user.is_authenticated:
        person = cast("Person", request.user)
        return Preferences(theme=person.theme, large_text=person.large_text)
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return Preferences(
        theme=theme if theme in THEMES else "auto",
        large_text=request.COOKIES.get(TEXT_COOKIE) == "large",
    )


def remember(response: HttpResponseBase, chosen: Preferences) -> None:
    """Keep a visitor's preferences in cookies."""
    values = {THEME_COOKIE: chosen.theme, TEXT_COOKIE: "large" if chosen.large_text else "normal"}
    for name, value in values.items():
        response.set_cookie(
            name,
            value,
            max_age=_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
