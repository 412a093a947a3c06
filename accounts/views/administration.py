"""The administrator's door: who is here in which role, and people brought in by file."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.forms.imports import ImportForm
from accounts.models import Centre, Role
from accounts.selectors import roster
from accounts.services.people import import_people
from accounts.web import ActRequest, Done, act, bound, checked, current, requires

PER_PAGE = 30


def people_page(request: HttpRequest) -> HttpResponse:
    """List people with their roles, and show the form that brings in more."""
    chosen = {
        "words": request.GET.get("words", "").strip()[:80],
        "role": request.GET.get("role", ""),
    }
    found = roster(centres=current(request).centres(Role.ADMIN), **chosen)
    context = {
        "page_of": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "query": f"{urlencode(chosen)}&",
        "form": bound(request, ImportForm),
        "roles": Role.choices,
        "listed": [choice for choice in Role.choices if choice[0] != Role.BIDDER],
        "centres": Centre.objects.order_by("code"),
    }
    return render(request, "accounts/people.html", context)


@requires(Role.ADMIN)
@act(page=people_page)
def people(request: ActRequest) -> Done:
    """Bring in people with their roles, all or none."""
    form = checked(ImportForm(request.POST, request.FILES))
    made = import_people(
        rows=form.cleaned_data["rows"],
        actor=request.act.actor,
        now=request.act.now,
        centres=current(request).centres(Role.ADMIN),
    )
    return Done(
        redirect=reverse("accounts:people"),
        reply={"people": made},
        message=_("已导入 %(count)s 人") % {"count": len(made)},
    )
