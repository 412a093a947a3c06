"""Addresses everybody may open."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from trading.views import door_data, files, public

urlpatterns: list[URLPattern | URLResolver] = [
    path("", public.home, name="home"),
    path("notices", public.notice_list, name="notices"),
    path("notices/<uuid:tender>.json", door_data.notice, name="notice-data"),
    path("notices/<uuid:tender>", public.notice, name="notice"),
    path("notices/<uuid:tender>/notice.pdf", files.tender_notice, name="notice-pdf"),
    path("offline", public.offline, name="offline"),
    path("openings", public.opening_list, name="openings"),
    path("openings/<uuid:lot>", public.opening, name="opening"),
    path("awards", public.award_list, name="awards"),
    path("awards/<uuid:lot>", public.award, name="award-page"),
    path("contracts", public.contract_list, name="contracts"),
]
