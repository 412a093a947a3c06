"""What members do in the room, from the invitation to the signature, and who lets them in."""

from __future__ import annotations

import os
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from accounts.web import ActRequest, Done, act, checked, current, requires
from core.draws import SEED_BYTES
from evaluation.forms import AnswerForm, DeclareForm, LeaderForm, ReviewForm, SignForm
from evaluation.models import Panel
from evaluation.selectors.access import invitation, own_seat, panel_on_duty, seat_on_duty
from evaluation.services import electing, invitations, reviewing, seating, signing, summarising
from evaluation.views.pages import draw_room


@requires()
@act()
def answer(request: ActRequest, *, seat: UUID) -> Done:
    """Accept an invitation or decline it."""
    found = invitation(current(request).person, seat)
    form = checked(AnswerForm(request.POST))
    accept = form.cleaned_data["accept"] == "1"
    invitations.answer(
        seat_id=found.pk,
        accept=accept,
        reason=form.cleaned_data["reason"],
        actor=request.act.actor,
        now=request.act.now,
    )
    return Done(
        redirect=reverse("evaluation:invitations"),
        message=_("已接受邀请") if accept else _("已答复不能参加"),
    )


@requires(Role.CENTRE_EVALUATION, Role.WITNESS)
@act()
def check_in(request: ActRequest, *, panel: UUID, seat: UUID) -> Done:
    """Let a member in after the identity check."""
    found = seat_on_duty(current(request), panel, seat)
    checked_in = seating.check_in(
        panel_id=panel, seat_id=found.pk, actor=request.act.actor, now=request.act.now
    )
    return Done(
        redirect=reverse("evaluation:desk", kwargs={"panel": panel}),
        reply={"seat": checked_in.code},
        message=_("已签到"),
    )


@requires()
@act(purpose="approve", page=draw_room)
def declare(request: ActRequest, *, panel: UUID) -> Done:
    """Sign the avoidance statement."""
    seat = own_seat(current(request), panel)
    form = checked(DeclareForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    after = seating.declare(
        panel_id=panel,
        seat_id=seat.pk,
        statements=form.cleaned_data["statements"],
        signature=request.act.signature.pk,
        actor=request.act.actor,
        now=request.act.now,
    )
    if any(one.related for one in form.cleaned_data["statements"]):
        return Done(
            redirect=reverse("evaluation:invitations"),
            reply={"state": after.state},
            message=_("已回避，您的席位由递补专家接替"),
        )
    return _in_room(after, message=_("回避声明已签署"))


@requires()
@act(page=draw_room)
def leader(request: ActRequest, *, panel: UUID) -> Done:
    """Vote for the leader."""
    seat = own_seat(current(request), panel)
    form = checked(LeaderForm(request.POST))
    after = electing.vote(
        panel_id=panel,
        seat_id=seat.pk,
        choice_id=form.cleaned_data["seat"],
        actor=request.act.actor,
        now=request.act.now,
    )
    return _in_room(after, message=_("已投票"))


@requires()
@act()
def criteria_read(request: ActRequest, *, panel: UUID) -> Done:
    """Confirm having read the criteria."""
    seat = own_seat(current(request), panel)
    after = seating.read_criteria(
        panel_id=panel, seat_id=seat.pk, actor=request.act.actor, now=request.act.now
    )
    return _in_room(after)


@requires()
@act(page=draw_room)
def review(request: ActRequest, *, panel: UUID) -> Done:
    """Vote on a bid in the preliminary review."""
    seat = own_seat(current(request), panel)
    form = checked(ReviewForm(request.POST))
    told = form.cleaned_data
    reviewing.vote(
        panel_id=panel,
        seat_id=seat.pk,
        bid_id=told["bid"],
        passed=told["passed"] == "1",
        code=told["code"],
        clause=told["clause"],
        fact=told["fact"],
        page=told["page"],
        actor=request.act.actor,
        now=request.act.now,
    )
    return _in_room(seat.panel, message=_("表决已保存"), at="#vote")


@requires()
@act(page=draw_room)
def close_review(request: ActRequest, *, panel: UUID) -> Done:
    """Count the votes and go on."""
    seat = own_seat(current(request), panel)
    after = reviewing.close(
        panel_id=panel,
        seat_id=seat.pk,
        seed=os.urandom(SEED_BYTES),
        actor=request.act.actor,
        now=request.act.now,
    )
    return _in_room(after, message=_("初步评审结束"))


@requires()
@act(page=draw_room)
def summary(request: ActRequest, *, panel: UUID) -> Done:
    """Sum up and draft the report."""
    seat = own_seat(current(request), panel)
    after = summarising.summarise(
        panel_id=panel, seat_id=seat.pk, actor=request.act.actor, now=request.act.now
    )
    return _in_room(after, message=_("已汇总，评标报告已生成"))


@requires()
@act(purpose="report", page=draw_room)
def sign(request: ActRequest, *, panel: UUID) -> Done:
    """Sign the report, agreeing or dissenting."""
    seat = own_seat(current(request), panel)
    form = checked(SignForm(request.POST))
    assert request.act.signature is not None  # the act is signed
    after = signing.sign(
        panel_id=panel,
        seat_id=seat.pk,
        agrees=form.cleaned_data["agrees"] == "1",
        opinion=form.cleaned_data["opinion"],
        report_sha256=form.cleaned_data["report_sha256"],
        signature=request.act.signature.pk,
        actor=request.act.actor,
        now=request.act.now,
    )
    return _in_room(after, message=_("报告已签署"))


@requires(Role.CENTRE_EVALUATION)
@act()
def close_signing(request: ActRequest, *, panel: UUID) -> Done:
    """Record those who neither sign nor explain as agreeing, and send the report off."""
    found = panel_on_duty(current(request), panel, Role.CENTRE_EVALUATION)
    after = signing.close(panel_id=found.pk, actor=request.act.actor, now=request.act.now)
    return Done(
        redirect=reverse("evaluation:desk", kwargs={"panel": panel}),
        reply={"state": after.state},
        message=_("签署结束，报告已送达"),
    )


def _in_room(panel: Panel, *, message: str = "", at: str = "") -> Done:
    reply: dict[str, object] = {"state": panel.state}
    if panel.state in {"SIGNING", "REPORTED"}:
        reply["report_sha256"] = panel.report.sha256
    return Done(
        redirect=reverse("evaluation:room", kwargs={"panel": panel.pk}) + at,
        reply=reply,
        message=message,
    )
