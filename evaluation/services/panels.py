"""Lock a panel, move it, name its members: what every act of a panel shares."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from audit.services import record
from core.events import DomainEvent
from core.states import IllegalMove
from core.verdicts import Refusal
from evaluation.domain.lifecycle import ACTIVE, PANEL, SEAT
from evaluation.events import PanelMoved
from evaluation.models import Panel, Seat
from evaluation.selectors import streams
from trading.models import Bid, Lot

SYSTEM = "system:clock"


def locked(panel_id: UUID) -> Panel:
    """Take the panel's row for update, with its lot and tender."""
    return (
        Panel.objects.select_for_update(of=("self",)).select_related("lot__tender").get(pk=panel_id)
    )


def move(panel: Panel, act: str, *, actor: str, now: datetime, **changed: object) -> None:
    """Move a panel by compare-and-set and tell its room; S-031 if somebody was faster."""
    try:
        target = PANEL.after(panel.state, act)
    except IllegalMove:
        raise Refusal("S-031", state=panel.state) from None
    rows = Panel.objects.filter(pk=panel.pk, state=panel.state)
    if rows.update(state=target, **changed) != 1:
        raise Refusal("S-031", state=panel.state)
    panel.state = target
    for name, value in changed.items():
        setattr(panel, name, value)
    tell(panel, PanelMoved(state=target), actor=actor, now=now)


def move_seat(seat: Seat, act: str, **changed: object) -> None:
    """Move a seat by compare-and-set; S-020 if it has moved already."""
    try:
        target = SEAT.after(seat.state, act)
    except IllegalMove:
        raise Refusal("S-020") from None
    if Seat.objects.filter(pk=seat.pk, state=seat.state).update(state=target, **changed) != 1:
        raise Refusal("S-020")
    seat.state = target
    for name, value in changed.items():
        setattr(seat, name, value)


def tell(panel: Panel, event: DomainEvent, *, actor: str, now: datetime) -> None:
    """Put an event before everybody in the panel's rooms."""
    record(stream=streams.room(panel.pk), event=event, actor=actor, now=now)


def members(panel: Panel) -> list[Seat]:
    """Return the seats that count, lowest first."""
    return list(Seat.objects.select_related("person").filter(panel=panel, state__in=ACTIVE))


def codes(panel: Panel) -> dict[UUID, str]:
    """Return every seat's code by its id."""
    return dict(Seat.objects.filter(panel=panel).values_list("pk", "code"))


def compared(lot: Lot) -> list[Bid]:
    """Return the bids before the panel: opened, and in track G found qualified; in seat order."""
    return list(_bids(lot).filter(state="OPENED"))


def compared_ever(panel: Panel) -> list[Bid]:
    """Return the bids that are or were before the panel, also once the report moved them on."""
    if panel.state != "REPORTED":
        return compared(panel.lot)
    return list(_bids(panel.lot).filter(review_decision__panel=panel))


def _bids(lot: Lot) -> QuerySet[Bid]:
    found = Bid.objects.select_related("line", "seat__organisation").prefetch_related("files")
    return found.filter(lot=lot).order_by("seat__number")
