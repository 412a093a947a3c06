"""The centre's evaluation staff: the expert library and the draw; the tenderer's representative."""

from __future__ import annotations

import os
from dataclasses import asdict
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.web import ActRequest, Done, act, checked, current, requires
from core.draws import SEED_BYTES
from evaluation.forms import CommitForm, GiveUpForm, ImportForm, RepresentativeForm
from evaluation.selectors.access import draw_to_hold, lot_to_draw
from evaluation.services import drawing, invitations, library, representatives
from evaluation.views.drawing_pages import draw_page, library_page, representative_page
from trading.selectors.access import lot_of_side

USUAL_HOURS = 4


@requires(Role.ADMIN, Role.CENTRE_EVALUATION)
@act(page=library_page)
def import_experts(request: ActRequest) -> Done:
    """Put experts into the library."""
    form = checked(ImportForm(request.POST, request.FILES))
    made = library.import_experts(
        entries=form.cleaned_data["entries"], actor=request.act.actor, now=request.act.now
    )
    return Done(
        redirect=reverse("evaluation:library"),
        reply={"experts": made},
        message=_("已导入 %(count)s 位专家") % {"count": len(made)},
    )


@requires(Role.CENTRE_EVALUATION)
@act(page=draw_page)
def commit(request: ActRequest, *, lot: UUID) -> Done:
    """Fix the pool and publish the commitment."""
    found = lot_to_draw(current(request), lot)
    form = checked(CommitForm(request.POST))
    draw = drawing.commit(
        lot_id=found.pk,
        wanted=form.cleaned_data["wanted"],
        meets_at=form.cleaned_data["meets_at"],
        hours=form.cleaned_data["hours"] or USUAL_HOURS,
        seed=os.urandom(SEED_BYTES),
        person=current(request).person,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("evaluation:draw-commit", kwargs={"lot": lot}),
        reply={"draw": str(draw.pk), "commitment": draw.commitment},
        message=_("抽取承诺已写入事件链，请稍候抽取"),
    )


@requires(Role.CENTRE_EVALUATION)
@act()
def hold(request: ActRequest, *, draw: UUID) -> Done:
    """Draw the experts and invite them."""
    found = draw_to_hold(current(request), draw)
    panel = drawing.draw(draw_id=found.pk, person=current(request).person, now=request.act.now)
    seats = panel.seats.values_list("code", flat=True)
    return Done(
        redirect=reverse("evaluation:desk", kwargs={"panel": panel.pk}),
        reply={
            "panel": str(panel.pk),
            "seats": list(seats),
            "findings": [
                asdict(found) for found in invitations.composition(panel, now=request.act.now)
            ],
        },
        message=_("已抽取，邀请已发出"),
    )


@requires(Role.CENTRE_EVALUATION)
@act()
def give_up(request: ActRequest, *, draw: UUID) -> Done:
    """Give up a colleague's announced draw."""
    found = draw_to_hold(current(request), draw)
    given_up = drawing.give_up(
        draw_id=found.pk,
        reason=checked(GiveUpForm(request.POST)).cleaned_data["reason"],
        person=current(request).person,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("evaluation:draw-commit", kwargs={"lot": given_up.lot_id}),
        reply={"draw": str(given_up.pk), "number": given_up.number},
        message=_("方案已放弃，原因已记录"),
    )


@requires(Role.TENDERER, Role.AGENCY)
@act(page=representative_page)
def name_representative(request: ActRequest, *, tender: UUID, lot: UUID) -> Done:
    """Name a representative of the tenderer."""
    found = lot_of_side(current(request), tender, lot)
    form = checked(RepresentativeForm(request.POST))
    named = representatives.name(
        lot_id=found.pk,
        username=form.cleaned_data["username"],
        specialty=form.cleaned_data["specialty"],
        site=form.cleaned_data["site"] or found.tender.host_site,
        person=current(request).person,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("evaluation:representative", kwargs={"tender": tender, "lot": lot}),
        reply={"representative": str(named.pk)},
        message=_("已指定招标人代表"),
    )
