"""The root of all addresses: each app owns its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from accounts.web import public
from config.demo import story_clock

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/language", public(set_language), name="set_language"),
    path("", include("accounts.urls")),
    path("", include("audit.urls")),
    path("", include("venues.urls")),
    path("", include("bank_escrow.urls")),
    path("", include("trading.urls")),
    path("", include("evaluation.urls")),
    path("", include("realtime.urls")),
    path("demo/clock", story_clock, name="story-clock"),
]
