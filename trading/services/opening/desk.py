"""What the host does beside the one button: delegate, name the staff, suspend, speak."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from audit.services import record_all
from core.events import moment
from core.verdicts import Refusal
from trading.events.opening import (
    CallHeard,
    HostNamed,
    MessageSent,
    Resumed,
    Suspended,
)
from trading.models import HallMessage, Opening, Party
from trading.policies.opening import may_call
from trading.selectors.streams import lot_staff, party_stream
from trading.services.opening.state import tell

_TIMERS = ("decrypt_ends_at", "objection_ends_at", "confirm_ends_at")
_TIMER_OF_STAGE = {
    "DECRYPT_BIDDER": "decrypt_ends_at",
    "OBJECTION": "objection_ends_at",
    "CONFIRM": "confirm_ends_at",
}


def delegate(opening: Opening, *, to_centre: bool) -> None:
    """Let the centre's staff work the desk, or take the desk back."""
    opening.delegated_to_centre = to_centre
    opening.save(update_fields=["delegated_to_centre"])


def name_staff(opening: Opening, *, staff: Mapping[str, str], actor: str, now: datetime) -> None:
    """Name who sits on the rostrum."""
    opening.staff = dict(staff)
    opening.save(update_fields=["staff"])
    tell(opening, HostNamed(staff=opening.staff), actor=actor, now=now)


def suspend(opening: Opening, *, reason: str, clause: str, actor: str, now: datetime) -> None:
    """Stop the opening and every timer in it."""
    if opening.suspended_at is not None or opening.ended_at is not None:
        raise Refusal("O-102", stage=opening.stage)
    opening.suspended_at = now
    opening.suspension_reason = reason
    opening.save(update_fields=["suspended_at", "suspension_reason"])
    tell(opening, Suspended(reason=reason, clause=clause), actor=actor, now=now)


def resume(opening: Opening, *, actor: str, now: datetime) -> None:
    """Go on; what was left of a timer when it stopped is left of it now."""
    if opening.suspended_at is None:
        raise Refusal("O-102", stage=opening.stage)
    paused = now - opening.suspended_at
    for name in _TIMERS:
        ends_at = getattr(opening, name)
        if ends_at is not None and ends_at > opening.suspended_at:
            setattr(opening, name, ends_at + paused)
    opening.suspended_at = None
    opening.suspension_reason = ""
    opening.save(update_fields=[*_TIMERS, "suspended_at", "suspension_reason"])
    current = getattr(opening, _TIMER_OF_STAGE.get(opening.stage, ""), None)
    tell(opening, Resumed(ends_at=moment(current) if current else None), actor=actor, now=now)


def say(
    opening: Opening, *, party: Party | None, by_host: bool, text: str, actor: str, now: datetime
) -> HallMessage:
    """Send a message: the host's to all (`party` None), else between one bidder and the host."""
    if not by_host:
        may_call(opening=opening).or_raise()
    message = HallMessage.objects.create(
        id=uuid4(), opening=opening, party=party, by_host=by_host, text=text, at=now
    )
    sent = MessageSent(message=message.pk, by_host=by_host, text=text)
    if party is None:
        tell(opening, sent, actor=actor, now=now)
        return message
    heard = CallHeard(message=message.pk, party=party.pk, by_host=by_host, text=text)
    record_all([(party_stream(party), sent), (lot_staff(opening.lot), heard)], actor=actor, now=now)
    return message
