"""The decryption window beyond its plain course: extended, opened once more, or at fault itself.

Until the host has released nobody knows a price, so that giving somebody more time favours nobody
(EBM20 Art. 31 asks whose cause it was that a bid stayed sealed).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from core.events import moment
from core.verdicts import Refusal
from trading.events.opening import WindowExtended, WindowReopened
from trading.models import Bid, Opening, Share
from trading.policies.opening import may_reopen
from trading.selectors.hall import shown_code
from trading.services.opening import desk
from trading.services.opening.state import SYSTEM, go_back, locked, move_bids, tell, timer

MAX_MINUTES = 120
AT_ONCE = timedelta(minutes=1)  # all bidders failing within it point at the platform
_FAULT = "全部投标人在一分钟内解密失败，系统按平台故障自动暂停，请查明原因后恢复"
_CLAUSE = "电子招标投标办法第三十一条"


def begin_period(opening: Opening, *, ends_at: datetime, reason: str, now: datetime) -> None:
    """Begin a period in which bidders decrypt; every period stays on record."""
    if not opening.decrypt_periods:
        opening.decrypt_starts_at = now
    opening.decrypt_ends_at = ends_at
    opening.decrypt_periods = [
        *opening.decrypt_periods,
        {"starts_at": moment(now), "ended_at": None, "reason": reason},
    ]
    opening.save(update_fields=["decrypt_starts_at", "decrypt_ends_at", "decrypt_periods"])


def end_period(opening: Opening, *, now: datetime) -> None:
    """Write down when the period ended, early or not."""
    opening.decrypt_periods[-1]["ended_at"] = moment(now)
    opening.save(update_fields=["decrypt_periods"])


def extend(opening: Opening, *, minutes: int, reason: str, actor: str, now: datetime) -> datetime:
    """Extend the decryption window for all; the earlier end stays in the stream."""
    running = opening.stage == "DECRYPT_BIDDER" and opening.decrypt_ends_at is not None
    if not running or not _is_sound(minutes, reason):
        raise Refusal("O-119")
    assert opening.decrypt_ends_at is not None
    opening.decrypt_ends_at = max(opening.decrypt_ends_at, now) + timedelta(minutes=minutes)
    opening.save(update_fields=["decrypt_ends_at"])
    tell(
        opening,
        WindowExtended(ends_at=moment(opening.decrypt_ends_at), reason=reason),
        actor=actor,
        now=now,
    )
    return opening.decrypt_ends_at


def reopen(*, lot_id: UUID, minutes: int, reason: str, actor: str, now: datetime) -> Opening:
    """Open the window once more for those who did not decrypt in it, before the host releases."""
    opening = locked(lot_id)
    lapsed = list(may_come_back(opening))
    may_reopen(
        opening=opening,
        released=Share.objects.filter(bid__lot_id=lot_id, label="host", valid=True).exists(),
        lapsed=len(lapsed),
    ).or_raise()
    if not _is_sound(minutes, reason):
        raise Refusal("O-119")
    move_bids(lapsed, "reopen")
    ends_at = timer(minutes, now=now)
    begin_period(opening, ends_at=ends_at, reason=reason, now=now)
    go_back(opening, "DECRYPT_BIDDER")
    seats = [{"seat": bid.seat.number, "code": shown_code(bid)} for bid in lapsed]
    event = WindowReopened(ends_at=moment(ends_at), reason=reason, seats=seats)
    tell(opening, event, actor=actor, now=now)
    return opening


def may_come_back(opening: Opening) -> QuerySet[Bid]:
    """Return the bids that lapsed because their owner did not release in the window."""
    bids = Bid.objects.select_related("seat").order_by("seat__number")
    return bids.filter(lot_id=opening.pk, state="UNRELEASED", attribution="bidder")


def suspect_fault(opening: Opening, *, now: datetime) -> bool:
    """Suspend when every bidder failed within a minute and none decrypted: it is not their keys."""
    bids = Bid.objects.filter(lot_id=opening.pk, state__in=["SEALED", "RELEASED"])
    if opening.suspended_at is not None or bids.filter(state="RELEASED").exists():
        return False
    failed = Share.objects.filter(label="bidder", valid=False, at__gt=now - AT_ONCE, bid__in=bids)
    if failed.values("bid").distinct().count() < bids.count():
        return False
    desk.suspend(opening, reason=_FAULT, clause=_CLAUSE, actor=SYSTEM, now=now)
    return True


def _is_sound(minutes: int, reason: str) -> bool:
    return 1 <= minutes <= MAX_MINUTES and bool(reason.strip())
