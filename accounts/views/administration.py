"""The administrator's door: people and their roles by file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.forms.imports import ImportForm
from accounts.models import Centre, Role
from accounts.services.people import import_people
from accounts.web import ActRequest, Done, act, bound, checked, current, requires


def import_page(request: HttpRequest) -> HttpResponse:
    """Show the form, the roles and the centres there are."""
    context = {
        "form": bound(request, ImportForm),
        "roles": Role.choices,
        "centres": Centre.objects.order_by("code"),
    }
    return render(request, "accounts/import.html", context)


@requires(Role.ADMIN)
@act(page=import_page)
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
