"""Lock an opening, move its stage, end a lot: what every act of the hall shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from audit.services import record, record_all
from core.events import DomainEvent, moment
from core.states import IllegalMove
from trading.domain.lifecycle import BID, LOT
from trading.domain.opening_stages import MAY_FAIL, following
from trading.events.opening import Lapsed, OpeningFailed, StageEntered
from trading.models import Bid, Lot, Notice, Opening
from trading.selectors.streams import lot_public
from trading.services import refunding

SYSTEM = "system:clock"
TERMINATED = "TERMINATED"  # the code of a lot that its tenderer ended


def locked(lot_id: UUID) -> Opening:
    """Take the opening's row for update, with its lot and tender."""
    return (
        Opening.objects.select_for_update(of=("self",)).select_related("lot__tender").get(pk=lot_id)
    )


def enter(
    opening: Opening, stage: str, *, actor: str, now: datetime, ends_at: datetime | None = None
) -> None:
    """Move to the next stage of this lot's order and tell the hall."""
    if following(opening.stages, opening.stage) != stage:
        raise IllegalMove(machine="opening", state=opening.stage, act=stage)
    moved = Opening.objects.filter(pk=opening.pk, stage=opening.stage).update(stage=stage)
    if moved != 1:
        raise IllegalMove(machine="opening", state=opening.stage, act=stage)
    opening.stage = stage
    tell(
        opening,
        StageEntered(stage=stage, ends_at=moment(ends_at) if ends_at else None),
        actor=actor,
        now=now,
    )


def go_back(opening: Opening, stage: str) -> None:
    """Return to the stage before; the event that says why is the caller's."""
    if following(opening.stages, stage) != opening.stage:
        raise IllegalMove(machine="opening", state=opening.stage, act=stage)
    moved = Opening.objects.filter(pk=opening.pk, stage=opening.stage).update(stage=stage)
    if moved != 1:
        raise IllegalMove(machine="opening", state=opening.stage, act=stage)
    opening.stage = stage


def tell(opening: Opening, event: DomainEvent, *, actor: str, now: datetime) -> None:
    """Put an event before everybody in the hall."""
    record(stream=lot_public(opening.lot), event=event, actor=actor, now=now)


def timer(minutes: int, *, now: datetime) -> datetime:
    """Return the end of a timer that starts now."""
    return now + timedelta(minutes=minutes)


def move_lot(lot: Lot, act: str, *, code: str = "") -> None:
    """Move a lot by compare-and-set; IllegalMove if somebody was faster."""
    target = LOT.after(lot.state, act)
    changed = {"state": target, **({"state_code": code} if code else {})}
    if Lot.objects.filter(pk=lot.pk, state=lot.state).update(**changed) != 1:
        raise IllegalMove(machine="lot", state=lot.state, act=act)
    lot.state = target


def move_bids(bids: Sequence[Bid], act: str, *, code: str = "", attribution: str = "") -> None:
    """Move bids of one state together by compare-and-set."""
    for bid in bids:
        target = BID.after(bid.state, act)
        moved = Bid.objects.filter(pk=bid.pk, state=bid.state).update(
            state=target, state_code=code, attribution=attribution
        )
        if moved != 1:
            raise IllegalMove(machine="bid", state=bid.state, act=act)
        bid.state = target


def lapse(
    opening: Opening, bid: Bid, *, code: str, attribution: str, actor: str, now: datetime
) -> None:
    """Let a bid stay sealed for good and say whose cause it is (EBM20 Art. 31)."""
    act = "lapse" if bid.state == "SEALED" else "fault"
    move_bids([bid], act, code=code, attribution=attribution)
    tell(
        opening,
        Lapsed(seat=bid.seat.number, code=code, attribution=attribution),
        actor=actor,
        now=now,
    )


def terminate(opening: Opening, *, actor: str, now: datetime) -> None:
    """End an opening because its tender is terminated; what is still sealed stays so for good."""
    if opening.ended_at is not None:
        return
    opening.stage, opening.ended_at = "FAILED", now
    opening.suspended_at, opening.suspension_reason = None, ""
    opening.save(update_fields=["stage", "ended_at", "suspended_at", "suspension_reason"])
    live = Bid.objects.filter(lot_id=opening.pk, state__in=["SEALED", "RELEASED"])
    move_bids(list(live), "leave")
    tell(opening, OpeningFailed(code=TERMINATED), actor=actor, now=now)


def fail(opening: Opening, *, code: str, now: datetime) -> None:
    """End the lot without an award (流标) and announce it; sealed bids stay sealed for good."""
    lot = opening.lot
    if opening.stage not in MAY_FAIL:
        raise IllegalMove(machine="opening", state=opening.stage, act="fail")
    Opening.objects.filter(pk=opening.pk).update(stage="FAILED", ended_at=now)
    opening.stage = "FAILED"
    move_lot(lot, "fail", code=code)
    live = Bid.objects.filter(lot=lot, state__in=["SEALED", "RELEASED"])
    move_bids(list(live), "leave")
    Notice.objects.create(
        tender=lot.tender,
        lot=lot,
        kind=Notice.Kind.FAILED,
        title=f"{lot.tender.title} {lot.title}",
        body={"code": code, "lot": lot.code},
        published_at=now,
    )
    record_all([(lot_public(lot), OpeningFailed(code=code))], actor=SYSTEM, now=now)
    refunding.after_end(lot=lot, actor=SYSTEM, now=now)
