"""At the site: identity checked, avoidance declared, criteria read; who is tied steps aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from core.verdicts import Refusal
from evaluation.domain.lifecycle import ACTIVE
from evaluation.events import CheckedIn, CriteriaRead, Declared, SeatVacated
from evaluation.models import Declaration, Panel, Seat
from evaluation.policies.panel import may_check_in, may_work
from evaluation.services import panels, tasks
from evaluation.services.invitations import invite_next


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A member's word on one bidder."""

    party: str
    related: bool
    reason: str = ""


def check_in(*, panel_id: UUID, seat_id: UUID, actor: str, now: datetime) -> Seat:
    """Let a member in after the identity check; the last one in opens the session."""
    panel = panels.locked(panel_id)
    seat = Seat.objects.select_for_update().get(pk=seat_id, panel=panel)
    may_check_in(panel=panel, seat=seat).or_raise()
    panels.move_seat(seat, "check_in", checked_in_at=now)
    panels.tell(panel, CheckedIn(seat=seat.code, site=seat.site), actor=actor, now=now)
    if all(one.state == "CHECKED_IN" for one in panels.members(panel)):
        panels.move(panel, "sit", actor=actor, now=now)
    tasks.settle(panel, now=now)
    return seat


def declare(
    *,
    panel_id: UUID,
    seat_id: UUID,
    statements: Sequence[Statement],
    signature: UUID,
    actor: str,
    now: datetime,
) -> Panel:
    """Sign the avoidance statement, bidder by bidder; whoever is related leaves the panel.

    Work of the panel so far is void with the member (TBR Art. 48); at this stage that is the vote
    for the leader.
    """
    panel, seat = at_work(panel_id, seat_id, state="SITTING")
    if Declaration.objects.filter(seat=seat).exists():
        raise Refusal("S-023")
    told = [statement.party for statement in statements]
    wanted = sorted(str(bid.party_id) for bid in panels.compared(panel.lot))
    if sorted(told) != wanted or any(one.related and not one.reason for one in statements):
        raise Refusal("S-024", count=len(wanted))
    Declaration.objects.create(
        seat=seat,
        answers=[asdict(statement) for statement in statements],
        signature=signature,
        at=now,
    )
    panels.tell(panel, Declared(seat=seat.code), actor=actor, now=now)
    if any(statement.related for statement in statements):
        _vacate(panel, seat, actor=actor, now=now)
    else:
        go_on_to_review(panel, actor=actor, now=now)
    tasks.settle(panel, now=now)
    return panel


def read_criteria(*, panel_id: UUID, seat_id: UUID, actor: str, now: datetime) -> Panel:
    """Confirm having read the method and the criteria."""
    panel, seat = at_work(panel_id, seat_id, state="SITTING")
    if not Declaration.objects.filter(seat=seat).exists():
        raise Refusal("S-025")
    if seat.criteria_read_at is None:
        Seat.objects.filter(pk=seat.pk).update(criteria_read_at=now)
        panels.tell(panel, CriteriaRead(seat=seat.code), actor=actor, now=now)
    go_on_to_review(panel, actor=actor, now=now)
    tasks.settle(panel, now=now)
    return panel


def at_work(panel_id: UUID, seat_id: UUID, *, state: str) -> tuple[Panel, Seat]:
    """Lock a panel and a member's seat for an act of this state."""
    panel = panels.locked(panel_id)
    may_work(panel=panel, lot=panel.lot, state=state).or_raise()
    seat = (
        Seat.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=seat_id, panel=panel)
    )
    if seat.state != "CHECKED_IN":
        raise Refusal("S-022")
    return panel, seat


def go_on_to_review(panel: Panel, *, actor: str, now: datetime) -> None:
    """Begin the preliminary review once all have declared and read, and one leads."""
    ready = panel.leader_id is not None and not (
        Seat.objects.filter(panel=panel, state__in=ACTIVE, criteria_read_at__isnull=True).exists()
        or Seat.objects.filter(panel=panel, state__in=ACTIVE, declaration__isnull=True).exists()
    )
    if ready:
        panels.move(panel, "review", actor=actor, now=now)


def _vacate(panel: Panel, seat: Seat, *, actor: str, now: datetime) -> None:
    panels.move_seat(seat, "recuse")
    # Votes of this round counted a member who is gone: the election begins anew.
    panel.election += 1
    panels.move(
        panel,
        "vacate",
        actor=actor,
        now=now,
        leader=None,
        vote_round=1,
        election=panel.election,
    )
    panels.tell(panel, SeatVacated(seat=seat.code), actor=actor, now=now)
    invite_next(panel=panel, gone=seat, actor=actor, now=now)
