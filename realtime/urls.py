"""Addresses of this app; sockets and long polls are in `realtime.routing`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from realtime import views

app_name = "realtime"
urlpatterns: list[URLPattern | URLResolver] = [
    path("hall/<uuid:lot>/snapshot", views.hall_snapshot, name="hall-snapshot"),
]
