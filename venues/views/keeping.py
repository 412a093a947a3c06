"""Decisions of staff about days, and of the administrator about rooms and years."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.web import ActRequest, Done, act, bound, checked, current, requires
from venues import policies, services
from venues.forms import ClosureForm, EmergencyForm, RoomForm, YearForm
from venues.models import ArrangedYear, Room


def emergency_page(request: HttpRequest) -> HttpResponse:
    """Ask for the approval."""
    form = bound(request, lambda: EmergencyForm(centres=_kept(request)))
    return render(request, "venues/emergency.html", {"form": form})


@requires(*policies.KEEPERS)
@act(page=emergency_page)
def emergency(request: ActRequest) -> Done:
    """Record an approved emergency opening."""
    given = checked(EmergencyForm(request.POST, centres=_kept(request))).cleaned_data
    services.approve_emergency(**given, actor=request.act.actor, now=request.act.now)
    return Done(redirect=reverse("venues:booking"), message=_("应急开标已登记"))


def closure_page(request: HttpRequest) -> HttpResponse:
    """Ask for the day and the reason."""
    form = bound(request, lambda: ClosureForm(centres=_kept(request)))
    return render(request, "venues/closure.html", {"form": form})


@requires(*policies.KEEPERS)
@act(page=closure_page)
def closure(request: ActRequest) -> Done:
    """Take no new bookings on a day."""
    given = checked(ClosureForm(request.POST, centres=_kept(request))).cleaned_data
    services.close_day(**given, actor=request.act.actor, now=request.act.now)
    return Done(redirect=reverse("venues:booking"), message=_("这一天不再受理新的预约"))


def rooms_page(request: HttpRequest) -> HttpResponse:
    """List the rooms and ask for a further one."""
    centres = current(request).centres(Role.ADMIN)
    form = bound(request, lambda: RoomForm(centres=centres))
    listed = Room.objects.filter(centre__in=centres).select_related("centre")
    return render(request, "venues/rooms.html", {"form": form, "rooms": listed})


@requires(Role.ADMIN)
@act(page=rooms_page)
def rooms(request: ActRequest) -> Done:
    """Add a room."""
    form = checked(RoomForm(request.POST, centres=current(request).centres(Role.ADMIN)))
    made = services.add_room(**form.cleaned_data, actor=request.act.actor, now=request.act.now)
    return Done(
        redirect=reverse("venues:rooms"),
        reply={"room": str(made.pk)},
        message=_("场地已添加"),
    )


def year_page(request: HttpRequest) -> HttpResponse:
    """Ask for a newly published year."""
    context = {"form": bound(request, YearForm), "years": ArrangedYear.objects.order_by("year")}
    return render(request, "venues/year.html", context)


@requires(Role.ADMIN)
@act(page=year_page)
def year(request: ActRequest) -> Done:
    """Load a year's holiday arrangement."""
    given = checked(YearForm(request.POST)).cleaned_data
    services.arrange_year(**given, actor=request.act.actor, now=request.act.now)
    return Done(redirect=reverse("venues:year"), message=_("节假日安排已载入"))


def _kept(request: HttpRequest) -> frozenset[str]:
    return current(request).centres(*policies.KEEPERS)
