"""Addresses of trading: public pages, the tender side, bids, the opening, the award."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from trading.urls import award, bids, opening, public, tenders

app_name = "trading"
urlpatterns: list[URLPattern | URLResolver] = [
    *public.urlpatterns,
    *tenders.urlpatterns,
    *bids.urlpatterns,
    *opening.urlpatterns,
    *award.urlpatterns,
]
