"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from venues.views import booking, keeping

app_name = "venues"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/booking", booking.booking, name="booking"),
    path("desk/booking/hold", booking.hold, name="hold"),
    path("desk/booking/<uuid:booking>/release", booking.release, name="release"),
    path("desk/booking/emergency", keeping.emergency, name="emergency"),
    path("desk/booking/closure", keeping.closure, name="closure"),
    path("admin/rooms", keeping.rooms, name="rooms"),
    path("admin/calendar", keeping.year, name="year"),
]
