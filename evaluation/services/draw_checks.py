"""Holding recorded draws again: the record, the entropy in the log, the seats that came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from audit.models import Checkpoint, Event
from core.draws import DrawMismatch, replay
from evaluation.domain.seating import PoolTooSmall, Wish, place
from evaluation.events import DrawCommitted
from evaluation.models import ExpertDraw, Seat, TieDraw
from evaluation.services import drawing, tie_draws


class NoSuchDraw(LookupError):  # noqa: N818 - an answer to whoever asked
    """There is no such draw, or it was never held."""


def check(*, kind: str, draw_id: UUID) -> dict[str, Any]:
    """Check a draw and return what was checked; `DrawMismatch` names what does not come out."""
    held = KINDS[kind](draw_id)
    return {"kind": kind, "id": str(draw_id), "valid": True, **held}


def _experts(draw_id: UUID) -> dict[str, Any]:
    found = ExpertDraw.objects.filter(pk=draw_id, drawn_at__isnull=False).first()
    if found is None:
        raise NoSuchDraw("no held draw of experts has this id")
    held = drawing.record_of(found)
    replay(held)
    _in_log(found.entropy or {}, after=found.committed_size)
    try:
        placed = place(found.result, pool=found.pool, wanted=[Wish(**w) for w in found.wanted])
    except PoolTooSmall as short:
        raise DrawMismatch("wanted", f"cannot be filled: {short}") from short
    seats = Seat.objects.filter(panel=found.pk, role=Seat.Role.EXPERT).order_by("number")
    given = [str(key) for key in seats.values_list("person_id", flat=True)][: len(placed)]
    if given != [row.expert for row in placed]:
        raise DrawMismatch("seats", "went to others than the draw names")
    return {**held.body(), "number": found.number, "given_up": _given_up(found)}


def _given_up(found: ExpertDraw) -> list[dict[str, Any]]:
    """Return the draws given up before this one; each that was announced must be among them."""
    draws = list(found.lot.expert_draws.all())
    announced = Event.objects.filter(
        stream__startswith="panel/", name=DrawCommitted.name, body__lot=str(found.lot_id)
    )
    if [one.number for one in draws] != list(range(1, announced.count() + 1)):
        raise DrawMismatch("number", "of draws is not what the event chain announces")
    if draws[-1] != found:
        raise DrawMismatch("number", "is not the newest of the lot's draws")
    return [
        {"id": str(one.pk), "number": one.number, "reason": one.given_up_reason}
        for one in draws[:-1]
    ]


def _ties(panel_id: UUID) -> dict[str, Any]:
    found = TieDraw.objects.select_related("panel").filter(pk=panel_id, drawn_at__isnull=False)
    ties = found.first()
    if ties is None:
        raise NoSuchDraw("no held draw of ties has this id")
    held = tie_draws.record_of(ties)
    replay(held)
    _in_log(ties.entropy or {}, after=0)
    drawn = list(ties.result)
    for order in ties.panel.result.case["draws"]:
        if order != sorted(order, key=drawn.index):
            raise DrawMismatch("case", "ranks the tied bids in another order")
    return held.body()


def _in_log(entropy: Mapping[str, Any], *, after: int) -> None:
    """Check that the entropy is a checkpoint of the log above the size committed at."""
    size = entropy.get("size", 0)
    found = Checkpoint.objects.filter(size=size).first()
    if found is None or bytes(found.root).hex() != entropy.get("root"):
        raise DrawMismatch("entropy", "is no checkpoint of the log")
    if size <= after:
        raise DrawMismatch("entropy", "was known when the draw was committed to")


KINDS: Mapping[str, Callable[[UUID], dict[str, Any]]] = {"experts": _experts, "ties": _ties}
