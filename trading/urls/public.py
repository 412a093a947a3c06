"""Addresses: public."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from trading.views import door_data

urlpatterns: list[URLPattern | URLResolver] = [
    path("notices/<uuid:tender>.json", door_data.notice, name="notice-data"),
]
