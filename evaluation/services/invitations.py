"""Invitations: time, place and hours, never the project; and what people answer.

Before arrival nobody outside the drawn list learns for which project a seat is (domain handbook
§8; O12 Art. 8 keeps the members secret).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db.models import Max
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre, Person
from accounts.services import messages, todo
from core.zone import local, local_day
from evaluation.domain.composition import Finding, findings
from evaluation.domain.seating import Wish, reserve
from evaluation.events import ReserveExhausted, SeatAnswered, SeatInvited
from evaluation.models import Panel, Seat
from evaluation.policies.panel import may_answer
from evaluation.services import panels, tasks


def give_seat(
    *,
    panel: Panel,
    person: Person,
    role: str,
    specialty: str,
    site: str,
    actor: str,
    now: datetime,
) -> Seat:
    """Give the next seat; an expert is invited, a representative has already said yes."""
    drawn = role == Seat.Role.EXPERT
    number = (panel.seats.aggregate(last=Max("number"))["last"] or 0) + 1
    seat = Seat.objects.create(
        id=uuid4(),
        panel=panel,
        person=person,
        role=role,
        specialty=specialty,
        site=site,
        number=number,
        code=f"E-{number:02d}",
        state="NOTIFIED" if drawn else "ACCEPTED",
        notified_at=now,
        answered_at=None if drawn else now,
    )
    event = SeatInvited(seat=seat.code, role=role, site=site)
    panels.tell(panel, event, actor=actor, now=now)
    if drawn:
        _invite(seat, now=now)
    return seat


def answer(*, seat_id: UUID, accept: bool, reason: str, actor: str, now: datetime) -> Panel:
    """Accept or decline; a seat that was declined goes to the next of the drawn order."""
    panel = panels.locked(Seat.objects.values_list("panel_id", flat=True).get(pk=seat_id))
    seat = Seat.objects.select_for_update().get(pk=seat_id)
    may_answer(panel=panel, seat=seat).or_raise()
    act = "accept" if accept else "decline"
    panels.move_seat(seat, act, answered_at=now, decline_reason="" if accept else reason)
    todo.done(key=_todo(seat), now=now)
    panels.tell(panel, SeatAnswered(seat=seat.code, accepted=accept), actor=actor, now=now)
    if not accept:
        invite_next(panel=panel, gone=seat, actor=actor, now=now)
    form_if_whole(panel=panel, actor=actor, now=now)
    tasks.settle(panel, now=now)
    return panel


def invite_next(*, panel: Panel, gone: Seat, actor: str, now: datetime) -> Seat | None:
    """Give the seat of somebody who is out to the next of the drawn order; None if all are used."""
    if gone.role == Seat.Role.REPRESENTATIVE:
        return None  # the tenderer names another
    draw = panel.draw
    wish = Wish(specialty=gone.specialty, site=gone.site, count=1)
    seen = {str(key) for key in panel.seats.values_list("person_id", flat=True)}
    following = reserve(draw.result, pool=draw.pool, wish=wish, seen=seen)
    if following is None:
        event = ReserveExhausted(specialty=gone.specialty, site=gone.site)
        panels.tell(panel, event, actor=actor, now=now)
        return None
    return give_seat(
        panel=panel,
        person=Person.objects.get(pk=following),
        role=Seat.Role.EXPERT.value,
        specialty=gone.specialty,
        site=gone.site,
        actor=actor,
        now=now,
    )


def form_if_whole(*, panel: Panel, actor: str, now: datetime) -> None:
    """Form the panel once everybody has accepted and its make-up is lawful."""
    seats = panels.members(panel)
    waiting = any(seat.state == "NOTIFIED" for seat in seats)
    if panel.state != "INVITING" or waiting or is_short(panel):
        return
    if any(finding.blocks for finding in composition(panel, now=now)):
        return
    panels.move(panel, "form", actor=actor, now=now, formed_at=now)
    if all(seat.state == "CHECKED_IN" for seat in seats):
        panels.move(panel, "sit", actor=actor, now=now)


def is_short(panel: Panel) -> bool:
    """Tell whether fewer drawn experts are left than were wanted."""
    wanted = sum(int(wish["count"]) for wish in panel.draw.wanted)
    return sum(seat.role == Seat.Role.EXPERT for seat in panels.members(panel)) < wanted


def composition(panel: Panel, *, now: datetime) -> list[Finding]:
    """Return what stands against the panel's make-up as it is."""
    lot, seats = panel.lot, panels.members(panel)
    experts = sum(seat.role == Seat.Role.EXPERT for seat in seats)
    return findings(
        track=lot.tender.legal_track,
        procedure=lot.tender.procedure,
        budget_fen=lot.ceiling_fen or lot.estimate_fen,
        experts=experts,
        representatives=len(seats) - experts,
        on=local_day(now),
    )


def place_of(site: str) -> str:
    """Return the name of the centre at a site, else the bare region code."""
    centre = Centre.objects.filter(pk=site).first()
    return centre.shown_name if centre else site


_place = lazy(place_of, str)


def _invite(seat: Seat, *, now: datetime) -> None:
    panel = seat.panel
    link = reverse("evaluation:invitations")
    messages.send(
        to=seat.person,
        kind="evaluation.invitation",
        subject=_("评审邀请"),
        body=format_lazy(
            _("请于 {when} 到{place}参加评审，预计 {hours} 小时。请尽快答复能否参加。"),
            when=f"{local(panel.meets_at):%Y-%m-%d %H:%M}",
            place=_place(seat.site),
            hours=panel.hours,
        ),
        level="act",
        link=link,
        now=now,
    )
    line = _("答复评审邀请")
    todo.add(to=seat.person, key=_todo(seat), text=line, link=link, due_at=panel.meets_at, now=now)


def _todo(seat: Seat) -> str:
    return f"evaluation.invitation/{seat.pk}"
