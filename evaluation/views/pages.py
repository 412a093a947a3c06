"""Pages of members and of the evaluation desk."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Role
from accounts.web import current, requires
from core import clock
from evaluation.models import Panel
from evaluation.selectors import desk, invitations, room
from evaluation.selectors.access import ON_DUTY, is_on_duty, own_seat


@requires()
def invitations_page(request: HttpRequest) -> HttpResponse:
    """Show one's own invitations."""
    rows = invitations.of(current(request).person)
    return render(request, "evaluation/invitations.html", {"invitations": rows})


@requires()
def room_page(request: HttpRequest, *, panel: UUID) -> HttpResponse:
    """Show a member what is to be done now."""
    seat = own_seat(current(request), panel)
    context = {"state": room.state(seat.panel, seat), "panel": seat.panel, "seat": seat}
    return render(request, "evaluation/room.html", context)


@requires(Role.CENTRE_EVALUATION, Role.WITNESS, Role.SUPERVISOR)
def desk_page(request: HttpRequest, *, panel: UUID) -> HttpResponse:
    """Show the evaluation desk."""
    who = current(request)
    found = Panel.objects.select_related("lot__tender").filter(pk=panel).first()
    if found is None or not is_on_duty(who, found, *ON_DUTY, Role.SUPERVISOR):
        raise Http404
    state = desk.state(found, sites=who.centres(*ON_DUTY), now=clock.now())
    return render(request, "evaluation/desk.html", {"desk": state, "panel": found})


@requires(Role.CENTRE_EVALUATION, Role.WITNESS, Role.SUPERVISOR)
def desks_page(request: HttpRequest) -> HttpResponse:
    """List the panels one serves."""
    who = current(request)
    rows = Panel.objects.select_related("lot__tender").order_by("-meets_at")
    mine = [panel for panel in rows if is_on_duty(who, panel, *ON_DUTY, Role.SUPERVISOR)]
    return render(request, "evaluation/desks.html", {"panels": mine})
