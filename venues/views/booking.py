"""The centre's days and rooms on one page, and the holds of its staff."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, Role
from accounts.web import ActRequest, Done, act, bound, checked, current, requires, wants_json
from core import clock
from core.zone import at, local_day
from venues import policies, selectors, services
from venues.forms import HoldForm
from venues.models import Booking, Room
from venues.views.weeks import Week, as_json, week_of

_LOOKING = (Role.TENDERER, Role.AGENCY, Role.CENTRE_OPENING, Role.CENTRE_EVALUATION)


@requires(*_LOOKING)
def booking(request: HttpRequest) -> HttpResponse:
    """Show a week: which days are open and why, which starts are free; to staff, what is booked."""
    centre = get_object_or_404(Centre, pk=request.GET.get("centre", settings.CENTRE_CODE))
    kind = request.GET.get("kind", Room.Kind.OPENING)
    kind = kind if kind in Room.Kind.values else Room.Kind.OPENING
    week = week_of(centre=centre, kind=kind, first=_first_day(request), now=clock.now())
    if wants_json(request):
        return JsonResponse(as_json(week))
    keeps = bool(policies.may_keep(current(request), centre=centre.code))
    context = {
        "week": week,
        "centres": Centre.objects.order_by("code"),
        "kinds": Room.Kind.choices,
        "keeps": keeps,
        "bookings": _bookings(week) if keeps else [],
    }
    return render(request, "venues/booking.html", context)


def hold_page(request: HttpRequest) -> HttpResponse:
    """Ask which room to hold, and when."""
    centres = current(request).centres(*policies.KEEPERS)
    form = bound(request, lambda: HoldForm(centres=centres))
    return render(request, "venues/hold.html", {"form": form})


@requires(*policies.KEEPERS)
@act(page=hold_page)
def hold(request: ActRequest) -> Done:
    """Hold a room of one's own centre."""
    form = checked(HoldForm(request.POST, centres=current(request).centres(*policies.KEEPERS)))
    room, starts_at = form.cleaned_data["room"], form.cleaned_data["starts_at"]
    made = services.book(
        centre=room.centre,
        kind=room.kind,
        room_id=room.pk,
        reference=uuid4(),
        purpose=Booking.Purpose.HOLD,
        starts_at=starts_at,
        ends_at=starts_at + form.length,
        actor=request.act.actor,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("venues:booking"),
        reply={"booking": str(made.pk)},
        message=_("场地已保留"),
    )


@requires(*policies.KEEPERS)
@act()
def release(request: ActRequest, *, booking: UUID) -> Done:
    """Give a hold back."""
    found = get_object_or_404(Booking.objects.select_related("room"), pk=booking)
    policies.may_release(current(request), booking=found).or_raise()
    services.release(booking_id=found.pk, actor=request.act.actor, now=request.act.now)
    return Done(redirect=reverse("venues:booking"), message=_("场地已退回"))


def _first_day(request: HttpRequest) -> date:
    today = local_day(clock.now())
    try:
        wanted = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        wanted = today
    # Far enough for every lawful period, not so far that a date runs out of the calendar.
    wanted = min(max(wanted, today - timedelta(days=366)), today + timedelta(days=732))
    return wanted - timedelta(days=wanted.weekday())


def _bookings(week: Week) -> list[Booking]:
    return selectors.bookings_between(
        centre=week.centre, starts_at=at(week.first), ends_at=at(week.last + timedelta(days=1))
    )
