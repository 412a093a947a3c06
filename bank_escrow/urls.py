"""Addresses of this app: finance's pages, and the door banks knock at."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from bank_escrow.views import finance, hands, notices

app_name = "bank_escrow"
urlpatterns: list[URLPattern | URLResolver] = [
    path("finance", finance.monitor, name="monitor"),
    path("finance/deposits/<uuid:deposit>", finance.journal, name="journal"),
    path("finance/refunds", hands.refunds, name="refunds"),
    path("finance/refunds/prepare", hands.prepare, name="prepare"),
    path("finance/refunds/submit", hands.submit, name="submit"),
    path("finance/refunds/approve", hands.approve, name="approve"),
    path("finance/refunds/release", hands.release, name="release"),
    path("finance/refunds/<uuid:order>/refuse", hands.refuse, name="refuse"),
    path("finance/refunds/<uuid:order>/cancel", hands.cancel, name="cancel"),
    path("bank/<slug:code>/notify", notices.notify, name="notify"),
]
