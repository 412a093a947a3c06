"""Pages of the expert library, the draw and the tenderer's representative."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Centre
from accounts.web import bound, current
from evaluation.forms import CommitForm, GiveUpForm, ImportForm, RepresentativeForm
from evaluation.models import Expert, Representative
from evaluation.selectors.access import lot_to_draw
from trading.selectors.access import lot_of_side


def library_page(request: HttpRequest) -> HttpResponse:
    """Show the library by site and specialty, in numbers, and the import."""
    stock = _stock()
    names = dict(Centre.objects.filter(code__in=stock).values_list("code", "name"))
    context = {
        "form": bound(request, ImportForm),
        "sites": [
            {"code": code, "name": names.get(code, ""), "specialties": sorted(row.items())}
            for code, row in sorted(stock.items())
        ],
    }
    return render(request, "evaluation/library.html", context)


def draw_page(request: HttpRequest, *, lot: UUID) -> HttpResponse:
    """Show the draws of a lot and the form of the next one."""
    found = lot_to_draw(current(request), lot)
    draws = list(found.expert_draws.all())
    sites = [found.tender.host_site, *found.tender.guest_sites]
    stock = _stock()
    centres = Centre.objects.filter(code__in=sites)
    context = {
        "lot": found,
        "about": [found.code, f"{found.tender.title} {found.title}"],
        # A plan that was refused for want of experts stays as it was typed.
        "form": bound(request, lambda: CommitForm(request.POST or None)),
        "draws": draws,
        "give_up": GiveUpForm(),
        "live": any(draw.given_up_at is None for draw in draws),
        "centres": centres,
        "names": {centre.code: centre.name for centre in centres},
        "specialties": sorted({name for code in sites for name in stock.get(code, {})}),
    }
    return render(request, "evaluation/draw.html", context)


def _stock() -> dict[str, dict[str, int]]:
    """Count the library's experts by site and specialty; never who they are."""
    sites: dict[str, dict[str, int]] = {}
    for expert in Expert.objects.filter(active=True):
        row = sites.setdefault(expert.site, {})
        for specialty in expert.specialties:
            row[specialty] = row.get(specialty, 0) + 1
    return sites


def representative_page(request: HttpRequest, *, tender: UUID, lot: UUID) -> HttpResponse:
    """Show the representatives named so far and the form."""
    found = lot_of_side(current(request), tender, lot)
    context = {
        "lot": found,
        "form": bound(request, RepresentativeForm),
        "named": Representative.objects.select_related("person").filter(lot=found),
    }
    return render(request, "evaluation/representative.html", context)
