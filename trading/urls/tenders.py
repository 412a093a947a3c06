"""Addresses of the tender side."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from trading.views import door_data, lot_pages, tender_acts, tender_pages

_TENDER = "tenders/<uuid:tender>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("tenders/<uuid:tender>.json", door_data.tender, name="tender-data"),
    path("tenders", tender_pages.tender_list, name="tenders"),
    path("tenders/new", tender_acts.new, name="tender-new"),
    path(_TENDER, tender_pages.tender, name="tender"),
    path(f"{_TENDER}/lots/new", lot_pages.lot, name="lot-new"),
    path(f"{_TENDER}/lots/<uuid:lot>", lot_pages.lot, name="lot"),
    path(f"{_TENDER}/simulate", lot_pages.simulate, name="simulate-draft"),
    path(f"{_TENDER}/lots/<uuid:lot>/simulate", lot_pages.simulate, name="simulate"),
    path(f"{_TENDER}/edit", tender_acts.edit, name="tender-edit"),
    path(f"{_TENDER}/lots/save", tender_acts.save_lot, name="lot-save"),
    path(f"{_TENDER}/lots/<uuid:lot>/remove", tender_acts.remove_lot, name="lot-remove"),
    path(f"{_TENDER}/timeline", tender_acts.set_timeline, name="timeline"),
    path(f"{_TENDER}/documents/add", tender_acts.add_document, name="document-add"),
    path(
        f"{_TENDER}/documents/<uuid:document>/remove",
        tender_acts.remove_document,
        name="document-remove",
    ),
    path(f"{_TENDER}/host-key", tender_acts.register_key, name="host-key"),
    path(f"{_TENDER}/host-key/test", tender_acts.test_key, name="host-key-test"),
    path(f"{_TENDER}/room", tender_acts.book_room, name="room"),
    path(f"{_TENDER}/publish", tender_acts.publish, name="publish"),
    path(f"{_TENDER}/ask", tender_acts.ask, name="ask"),
    path(f"{_TENDER}/enquiries/<uuid:enquiry>/answer", tender_acts.answer, name="answer-enquiry"),
    path(f"{_TENDER}/amend", tender_acts.amend, name="amend"),
    path(f"{_TENDER}/suspend", tender_acts.suspend, name="suspend"),
    path(f"{_TENDER}/resume", tender_acts.resume, name="resume"),
    path(f"{_TENDER}/terminate", tender_acts.terminate, name="terminate"),
    path(f"{_TENDER}/retender", tender_acts.retender, name="retender"),
]
