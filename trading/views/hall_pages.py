"""The opening hall's page, for bidders and everybody else; and the supervisor's watch over it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.web import current, public, requires, signed_in
from core import clock
from trading import hall_words
from trading.models import Opening
from trading.policies.opening import may_call, may_object
from trading.selectors import hall as halls
from trading.selectors import watching
from trading.selectors.viewers import viewer_of
from trading.services.opening.looking import note_look

_OVER = frozenset({"END", "FAILED"})
# Who sits on the rostrum: role, words, place in the drawing.
_ROSTRUM = (
    ("recorder", _("记录员"), 394),
    ("supervisor", _("监督员"), 559),
    ("host", _("主持人"), 724),
    ("witness", _("见证人"), 889),
    ("tenderer", _("招标人代表"), 1054),
)


@public
@require_GET
def hall(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """The hall as this viewer may see it; live with scripts, drawn anew every while without."""
    opening = halls.find(lot)
    if opening is None:
        raise Http404
    return _page(request, opening, watches=False)


@requires(Role.SUPERVISOR)
@require_GET
def watch(request: HttpRequest) -> HttpResponse:
    """The openings of the supervisor's centres, those running now first."""
    centres = current(request).centres(Role.SUPERVISOR)
    rows = watching.openings(centres, now=clock.now())
    return render(request, "trading/opening/watch.html", {"rows": rows})


@requires(Role.SUPERVISOR)
@require_GET
def watch_one(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """One hall, read-only, with what needs a supervisor's eye beside it."""
    opening = halls.find(lot)
    centres = current(request).centres(Role.SUPERVISOR)
    if opening is None or opening.lot.tender.centre_id not in centres:
        raise Http404
    note_look(lot_id=lot, actor=str(current(request).person.pk), now=clock.now())
    return _page(request, opening, watches=True)


def _page(request: HttpRequest, opening: Opening, *, watches: bool) -> HttpResponse:
    state = halls.state(opening, viewer_of(signed_in(request), opening))
    seat = hall_words.own_seat(state)
    told: dict[str, Any] = {
        "opening": opening,
        "lot": opening.lot,
        "state": state,
        "steps": hall_words.marks(opening.stages, opening.stage),
        "stage_name": hall_words.stage_name(opening.stage),
        "names": json.dumps({s: hall_words.stage_name(s) for s in [*opening.stages, "FAILED"]}),
        "doing": hall_words.next_act(state),
        "seat": seat,
        "waiting": hall_words.waiting(opening.stage, failed=state["failed"], seat=seat),
        "tally": hall_words.tally(state),
        "urls": _urls(opening),
        "rostrum": _ROSTRUM,
        "may_object": bool(seat) and bool(may_object(opening=opening)),
        "may_call": state["me"] is not None
        and opening.stage not in _OVER
        and bool(may_call(opening=opening)),
        "watches": watches,
        "alerts": watching.alerts(opening) if watches else (),
    }
    return render(request, "trading/opening/hall.html", told)


def _urls(opening: Opening) -> dict[str, str]:
    """Return the addresses of a bidder's acts, and their arguments as a signature names them."""
    lot = {"lot": str(opening.pk)}
    names = {
        "sealed": "bid-sealed",
        "release": "hall-release",
        "confirm": "hall-confirm",
        "object": "hall-object",
        "say": "hall-message",
    }
    found = {key: reverse(f"trading:{name}", kwargs=lot) for key, name in names.items()}
    return {**found, "args": json.dumps(lot)}
