"""Staff pages around openings: the day board, and the desk an opening is run from."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.web import current, requires
from core import clock
from core.verdicts import ALLOWED
from core.zone import SHANGHAI, local_day
from trading import hall_words
from trading.domain.opening_stages import BY_CODE, following
from trading.models import Opening
from trading.policies.opening import may_reopen
from trading.selectors import hall as halls
from trading.selectors import watching
from trading.selectors.access import is_of_side, opening_to_host
from trading.selectors.hall import Viewer
from trading.services.opening import advance, windows
from trading.views.desk_acts import HOSTS

_HOURS = range(watching.OPENS_AT, watching.CLOSES_AT)
_MOST_NEEDS = 7
_MINUTES = (5, 10, 20, 30)
_STAFF = (
    ("host", _("主持人")),
    ("recorder", _("记录员")),
    ("supervisor", _("监督员")),
    ("witness", _("见证人")),
)


@requires(Role.CENTRE_OPENING, Role.CENTRE_EVALUATION, Role.WITNESS)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Today's rooms and hours, and what needs a person."""
    now = clock.now()
    who = current(request)
    centre = min(who.centres(Role.CENTRE_OPENING, Role.CENTRE_EVALUATION, Role.WITNESS))
    known = watching.openings([centre], now=now)
    today = local_day(now)
    told: dict[str, Any] = {
        "now": now,
        "rooms": watching.day_board(centre, day=now, known=known),
        "hours": _HOURS,
        "this_hour": now.astimezone(SHANGHAI).hour,
        "openings": [o for o in known if local_day(watching.deadline(o)) == today],
        "coming": next((o for o in known if watching.deadline(o) > now), None),
        "needs": [need for o in known for need in watching.needs(o, now=now)][:_MOST_NEEDS],
    }
    return render(request, "trading/opening/board.html", told)


@requires(*HOSTS)
@require_GET
def desks(request: HttpRequest) -> HttpResponse:
    """The openings this person may run, those running now first."""
    who = current(request)
    firm = who.organisation if who.has(Role.TENDERER, Role.AGENCY) else None
    rows = watching.hosted(
        firm=firm.pk if firm else None,
        centres=who.centres(Role.CENTRE_OPENING),
        now=clock.now(),
    )
    return render(request, "trading/opening/desks.html", {"rows": rows, "is_side": firm})


@requires(*HOSTS)
@require_GET
def desk(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """The script of an opening, and the one button that takes it on."""
    who = current(request)
    opening = opening_to_host(who, lot)
    state = halls.state(opening, Viewer(is_staff=True))
    now = clock.now()
    button = _button(opening)
    verdict = advance.verdict(opening, expected=opening.stage, now=now) if button else ALLOWED
    told: dict[str, Any] = {
        "opening": opening,
        "lot": opening.lot,
        "state": state,
        "script": _script(opening),
        "step": opening.stages.index(opening.stage) + 1 if opening.stage in opening.stages else 0,
        "stage_name": hall_words.stage_name(opening.stage),
        "button": button,
        "blocked": verdict.reason,
        "tally": hall_words.tally(state),
        "prices": any(seat["price_fen"] is not None for seat in state["seats"]),
        "ends_at": _ends_at(opening),
        "is_own": is_of_side(opening.lot.tender, who.organisation),
        "calls": _calls(state),
        "alerts": watching.alerts(opening),
        "minutes": _MINUTES,
        "lapsed": _lapsed(opening),
        "staff_fields": [(role, words, opening.staff.get(role, "")) for role, words in _STAFF],
        "urls": _urls(opening),
        "host_key": opening.lot.tender.host_key,
        "soon": (opening.lot.deadline_at or now) - timedelta(hours=1),
    }
    return render(request, "trading/opening/desk.html", told)


def _script(opening: Opening) -> list[dict[str, str]]:
    over = opening.stage == "FAILED"
    here = opening.stages.index(opening.stage) if not over else len(opening.stages)
    state = {-1: "done", 0: "now", 1: ""}
    return [
        {
            "name": hall_words.stage_name(code),
            "state": "" if over else state[(place > here) - (place < here)],
        }
        for place, code in enumerate(opening.stages)
    ]


def _button(opening: Opening) -> dict[str, Any] | None:
    """Return the next act's name and effect; none where the stage ends by itself."""
    if opening.stage not in BY_CODE or BY_CODE[opening.stage].leaves_by != "host":
        return None
    after = following(opening.stages, opening.stage)
    if after not in hall_words.BUTTONS:
        return None
    words, effect = hall_words.BUTTONS[after]
    return {"words": words, "effect": effect, "expected": opening.stage}


def _ends_at(opening: Opening) -> Any:
    return {
        "DECRYPT_BIDDER": opening.decrypt_ends_at,
        "OBJECTION": opening.objection_ends_at,
        "CONFIRM": opening.confirm_ends_at,
    }.get(opening.stage)


def _lapsed(opening: Opening) -> list[int]:
    """Return the seats that may decrypt if the window is opened once more; none otherwise."""
    seats = [bid.seat.number for bid in windows.may_come_back(opening)]
    released = halls.is_host_released(opening)
    return seats if may_reopen(opening=opening, released=released, lapsed=len(seats)) else []


def _calls(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was said, newest first, with the seat of who called."""
    return [
        {**message, "seat": state["parties"].get(message["party"])}
        for message in reversed(state["messages"])
    ]


def _urls(opening: Opening) -> dict[str, str]:
    """Return the addresses of the host's signed acts, and their arguments as signed."""
    lot = {"lot": str(opening.pk)}
    names = {
        "boxes": "hall-boxes",
        "host_release": "hall-host-release",
        "sign_record": "desk-sign-record",
    }
    found = {key: reverse(f"trading:{name}", kwargs=lot) for key, name in names.items()}
    return {**found, "args": json.dumps(lot)}
