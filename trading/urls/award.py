"""Addresses from the opening to the contract."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from trading.views import award_acts, course_page, files, securities

_LOT = "tenders/<uuid:tender>/lots/<uuid:lot>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("awards/<uuid:lot>/award-notice.pdf", files.award_notice, name="award-notice"),
    path(f"{_LOT}/course", course_page.course, name="lot-course"),
    path(f"{_LOT}/securities", securities.papers, name="securities"),
    path(f"{_LOT}/securities/<uuid:paper>.pdf", securities.file, name="security-file"),
    path(f"{_LOT}/securities/<uuid:paper>/check", securities.check, name="security-check"),
    path(f"{_LOT}/qualification", award_acts.qualification, name="qualification"),
    path(f"{_LOT}/evaluate", award_acts.evaluate, name="evaluate"),
    path(f"{_LOT}/candidates", award_acts.candidates, name="candidates"),
    path(f"{_LOT}/award", award_acts.award, name="award"),
    path(f"{_LOT}/notify", award_acts.notify, name="notify"),
    path(f"{_LOT}/contract", award_acts.contract, name="contract"),
    path(
        f"{_LOT}/result-objections/<uuid:objection>/answer",
        award_acts.answer_objection,
        name="answer-result-objection",
    ),
    path("bids/<uuid:lot>/object-result", award_acts.object_to_result, name="object-result"),
]
