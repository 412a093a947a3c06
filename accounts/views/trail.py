"""The audit trail for supervisors: search, chain check, and a trace of having looked."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.forms.trail import TrailForm
from accounts.models import Role
from accounts.services import veil
from accounts.web import current, requires
from audit.models import Event
from audit.services.trail import search
from core import clock


@requires(Role.SUPERVISOR)
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Search the trail; without a question nothing is looked up and nothing recorded."""
    form = TrailForm(request.GET or None)
    facts: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        by = str(current(request).person.id)
        found = search(criteria=form.search(), by=by, now=clock.now())
        facts["trail"] = found
        facts["events"] = [(event, acted(event)) for event in found.events]
        if found.next:
            place = f"{found.next.at.isoformat()} {found.next.seq} {found.next.stream}"
            facts["onward"] = urlencode({**request.GET.dict(), "before": place})
    return render(request, "audit/trail.html", facts, status=422 if form.errors else 200)


def acted(event: Event) -> str:
    """Return who acted; in a party's stream, which opens with the result, by the person's id."""
    party = event.stream.partition("/party/")[2] or event.body.get("party", "")
    try:
        return veil.unmask(event.actor, within=UUID(str(party)))
    except ValueError:
        return event.actor
