"""Addresses of evaluation: the draw, invitations, the room, its papers, the desk."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from evaluation.views import drawing, pages, papers, room_acts, scoring

app_name = "evaluation"
_ROOM = "eval/<uuid:panel>"
_LOT = "tenders/<uuid:tender>/lots/<uuid:lot>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/experts/import", drawing.import_experts, name="library"),
    path("desk/draw/<uuid:lot>/commit", drawing.commit, name="draw-commit"),
    path("desk/draw/<uuid:draw>/draw", drawing.hold, name="draw-hold"),
    path("desk/draw/<uuid:draw>/give-up", drawing.give_up, name="draw-give-up"),
    path("desk/draw/<uuid:lot>.json", papers.draw_state, name="draw-state"),
    path(f"{_LOT}/representative", drawing.name_representative, name="representative"),
    path(f"{_LOT}/evaluation.json", papers.lot_state, name="lot-state"),
    path(f"{_LOT}/report.pdf", papers.lot_paper, {"paper": "report"}, name="lot-report"),
    path(
        f"{_LOT}/score-sheets.pdf", papers.lot_paper, {"paper": "score-sheets"}, name="lot-sheets"
    ),
    path("expert", pages.invitations_page, name="invitations"),
    path("expert.json", papers.expert_state, name="invitations-state"),
    path("expert/invitations/<uuid:seat>/answer", room_acts.answer, name="answer"),
    path(_ROOM, pages.room_page, name="room"),
    path(f"{_ROOM}.json", papers.state, name="room-state"),
    path(f"{_ROOM}/seats/<uuid:seat>/check-in", room_acts.check_in, name="check-in"),
    path(f"{_ROOM}/declare", room_acts.declare, name="declare"),
    path(f"{_ROOM}/leader", room_acts.leader, name="leader"),
    path(f"{_ROOM}/criteria-read", room_acts.criteria_read, name="criteria-read"),
    path(f"{_ROOM}/review", room_acts.review, name="review"),
    path(f"{_ROOM}/review/close", room_acts.close_review, name="review-close"),
    path(f"{_ROOM}/score", scoring.save, name="score"),
    path(f"{_ROOM}/lock", scoring.lock, name="lock"),
    path(f"{_ROOM}/reopen", scoring.reopen, name="reopen"),
    path(f"{_ROOM}/summary", room_acts.summary, name="summary"),
    path(f"{_ROOM}/sign", room_acts.sign, name="sign"),
    path(f"{_ROOM}/report.pdf", papers.report_pdf, name="report"),
    path(f"{_ROOM}/score-sheets.pdf", papers.score_sheets_pdf, name="score-sheets"),
    path(f"{_ROOM}/case.json", papers.case_json, name="case"),
    path("eval/files/<uuid:file>", papers.bid_file, name="bid-file"),
    path("desk/eval", pages.desks_page, name="desks"),
    path("desk/eval/<uuid:panel>", pages.desk_page, name="desk"),
    path("desk/eval/<uuid:panel>.json", papers.desk_state, name="desk-state"),
    path("desk/eval/<uuid:panel>/close-signing", room_acts.close_signing, name="close-signing"),
]
