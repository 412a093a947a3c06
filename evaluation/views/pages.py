"""Pages of members and of the evaluation desk."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Role
from accounts.web import current, requires
from core import clock
from core.formulas import Rejection
from evaluation.models import Panel
from evaluation.selectors import desk, invitations, room
from evaluation.selectors.access import ON_DUTY, is_on_duty, lots_to_draw, own_seat
from evaluation.views import rows


@requires()
def invitations_page(request: HttpRequest) -> HttpResponse:
    """Show one's own invitations."""
    found = invitations.of(current(request).person)
    context = {
        "invitations": [row for row in found if not row["past"]],
        "past": [row for row in found if row["past"]],
    }
    return render(request, "evaluation/invitations.html", context)


def draw_room(request: HttpRequest, *, panel: UUID) -> HttpResponse:
    """Show a member what is to be done now; after a refusal, with what they had typed."""
    seat = own_seat(current(request), panel)
    state = room.state(seat.panel, seat)
    typed = request.POST
    context = {"state": state, "panel": seat.panel, "seat": seat, "steps": rows.steps(state)}
    if "bids" not in state:
        context["waiting"] = rows.waiting(seat.panel)
    else:
        compared = rows.bids(state)
        context |= {
            "rows": compared,
            "ranking": rows.ranking(state),
            "flags": rows.flags(state),
            "codes": [code.value for code in Rejection],
            "bidders": rows.bidders(state, typed=typed),
            "typed": typed,
        }
        asked = typed.get("bid") or request.GET.get("bid")
        context |= rows.vote(compared, asked=asked, typed=typed)
    scoring = seat.panel.state == "SCORING" and "bids" in state and seat.locked_at is None
    name = "workbench" if scoring else "room"
    return render(request, f"evaluation/{name}.html", context)


room_page = requires()(draw_room)


def lock_page(request: HttpRequest, *, panel: UUID) -> HttpResponse:
    """Show a member's own scores as they will be locked."""
    seat = own_seat(current(request), panel)
    if seat.locked_at is not None and request.method == "GET":
        return redirect("evaluation:room", panel=panel)
    state = room.state(seat.panel, seat)
    if "bids" not in state or seat.panel.state != "SCORING":
        raise Http404
    context = {
        "state": state,
        "panel": seat.panel,
        "columns": [row for row in rows.bids(state) if row["decision"]["passed"]],
        "rows": rows.sheet(state),
        "warnings": rows.warnings(state),
        "blanks": rows.blanks(state),
    }
    return render(request, "evaluation/lock.html", context)


@requires(Role.CENTRE_EVALUATION, Role.WITNESS, Role.SUPERVISOR)
def desk_page(request: HttpRequest, *, panel: UUID) -> HttpResponse:
    """Show the evaluation desk."""
    who = current(request)
    found = Panel.objects.select_related("lot__tender").filter(pk=panel).first()
    if found is None or not is_on_duty(who, found, *ON_DUTY, Role.SUPERVISOR):
        raise Http404
    state = desk.state(found, sites=who.centres(*ON_DUTY), now=clock.now())
    may_close = is_on_duty(who, found, Role.CENTRE_EVALUATION)
    context = {"desk": state, "panel": found, "may_close": may_close}
    return render(request, "evaluation/desk.html", context)


@requires(Role.CENTRE_EVALUATION, Role.WITNESS, Role.SUPERVISOR)
def desks_page(request: HttpRequest) -> HttpResponse:
    """List the panels one serves."""
    who = current(request)
    found = Panel.objects.select_related("lot__tender").order_by("-meets_at")
    mine = [panel for panel in found if is_on_duty(who, panel, *ON_DUTY, Role.SUPERVISOR)]
    context = {"panels": mine, "waiting": lots_to_draw(who)}
    return render(request, "evaluation/desks.html", context)
