"""Addresses of the hall, the desk and the published opening."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from trading.views import desk_acts, desk_pages, door_data, files, hall_acts, hall_pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("openings/<uuid:lot>/opening.json", door_data.opening_document, name="opening-document"),
    path(
        "openings/<uuid:lot>/checkpoint.txt",
        door_data.opening_checkpoint,
        name="opening-checkpoint",
    ),
    path("openings/<uuid:lot>/record.pdf", files.opening_record, name="opening-record"),
    path("hall/<uuid:lot>", hall_pages.hall, name="hall"),
    path("watch", hall_pages.watch, name="watch"),
    path("watch/<uuid:lot>", hall_pages.watch_one, name="watch-one"),
    path("desk", desk_pages.board, name="desk"),
    path("desk/open", desk_pages.desks, name="opening-desks"),
    path("desk/open/<uuid:lot>", desk_pages.desk, name="opening-desk"),
    path("hall/<uuid:lot>/boxes", door_data.host_boxes, name="hall-boxes"),
    path("hall/<uuid:lot>/sign-in", hall_acts.sign_in, name="hall-sign-in"),
    path("hall/<uuid:lot>/release", hall_acts.release, name="hall-release"),
    path("hall/<uuid:lot>/object", hall_acts.object_to, name="hall-object"),
    path("hall/<uuid:lot>/confirm", hall_acts.confirm, name="hall-confirm"),
    path("hall/<uuid:lot>/message", hall_acts.say, name="hall-message"),
    path("hall/<uuid:lot>/host-release", desk_acts.host_release, name="hall-host-release"),
    path(
        "hall/<uuid:lot>/objections/<uuid:objection>/answer",
        desk_acts.answer,
        name="hall-answer",
    ),
    path("desk/open/<uuid:lot>/advance", desk_acts.advance, name="desk-advance"),
    path("desk/open/<uuid:lot>/delegate", desk_acts.delegate, name="desk-delegate"),
    path("desk/open/<uuid:lot>/staff", desk_acts.staff, name="desk-staff"),
    path("desk/open/<uuid:lot>/extend", desk_acts.extend, name="desk-extend"),
    path("desk/open/<uuid:lot>/reopen", desk_acts.reopen, name="desk-reopen"),
    path("desk/open/<uuid:lot>/suspend", desk_acts.suspend, name="desk-suspend"),
    path("desk/open/<uuid:lot>/resume", desk_acts.resume, name="desk-resume"),
    path("desk/open/<uuid:lot>/sign-record", desk_acts.sign_record, name="desk-sign-record"),
    path("desk/open/<uuid:lot>/message", desk_acts.say, name="desk-message"),
]
