"""Scoring: the autosave of one cell, the lock, the correction of facts."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.web import ActRequest, Done, act, checked, current, refusals, requires
from core import clock
from core.decimals import write
from core.events import moment
from evaluation.forms import LockForm, ReopenForm, ScoreForm
from evaluation.selectors.access import own_seat
from evaluation.selectors.room import progress
from evaluation.services import scoring
from evaluation.views.pages import lock_page


@requires()
@require_POST
def save(request: HttpRequest, *, panel: UUID) -> HttpResponseBase:
    """Save one cell as it is typed; the same again changes nothing, so it needs no command."""
    who = current(request)
    seat = own_seat(who, panel)
    form = ScoreForm(request.POST)
    if not form.is_valid():
        return refusals.respond(request, refusals.invalid(form))
    told = form.cleaned_data
    with transaction.atomic():
        row = scoring.save(
            panel_id=panel,
            seat_id=seat.pk,
            bid_id=told["bid"],
            criterion=told["criterion"],
            value=told["value"],
            note=told["note"],
            file_id=told["file"],
            page=told["page"],
            actor=str(who.person.pk),
            now=clock.now(),
        )
    return JsonResponse(
        {
            "value": write(row.value),
            "at": moment(row.at),
            "progress": progress(seat.panel, seat),
        }
    )


@requires()
@act(purpose="approve", page=lock_page)
def lock(request: ActRequest, *, panel: UUID) -> Done:
    """Freeze one's own scores."""
    seat = own_seat(current(request), panel)
    form = checked(LockForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    locked = scoring.lock(
        panel_id=panel,
        seat_id=seat.pk,
        expected=form.cleaned_data["scores_sha256"],
        signature=request.act.signature.pk,
        actor=request.act.actor,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("evaluation:room", kwargs={"panel": panel}),
        reply={"scores_sha256": locked.lock_sha256},
        message=_("评分已锁定"),
    )


@requires()
@act()
def reopen(request: ActRequest, *, panel: UUID) -> Done:
    """Lift the locks because members differ on facts."""
    seat = own_seat(current(request), panel)
    form = checked(ReopenForm(request.POST))
    found = scoring.reopen(
        panel_id=panel,
        seat_id=seat.pk,
        reason=form.cleaned_data["reason"],
        actor=request.act.actor,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("evaluation:room", kwargs={"panel": panel}),
        reply={"differences": [{"bid": bid, "criterion": key} for bid, key in found]},
        message=_("已解除锁定，请各成员核对更正后重新锁定"),
    )
