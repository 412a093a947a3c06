"""The audit trail for supervisors: search, chain check, and a trace of having looked."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.forms.trail import TrailForm
from accounts.models import Role
from accounts.web import current, requires
from audit.selectors import sources
from audit.selectors.rows import rows
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
        titles = sources.titles([chain.stream for chain in found.chains])
        facts["trail"] = found
        facts["rows"] = rows(found.events)
        lots = sources.names(list(found.evidence))
        facts["evidence"] = [(lots.get(lot, lot), n) for lot, n in found.evidence.items()]
        facts["chains"] = [(one, titles[one.stream]) for one in found.chains]
        if found.next:
            place = f"{found.next.at.isoformat()} {found.next.seq} {found.next.stream}"
            facts["onward"] = urlencode({**request.GET.dict(), "before": place})
    return render(request, "audit/trail.html", facts, status=422 if form.errors else 200)
