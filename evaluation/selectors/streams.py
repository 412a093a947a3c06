"""Names of the event streams evaluation writes: one aggregate for one audience each."""

from __future__ import annotations

from uuid import UUID

from evaluation.models import Panel, Seat

#: What the supervisors of roles and of the library read.
ACCESS = "access"


def room(panel_id: UUID) -> str:
    """Name the stream of what everybody in the rooms may know of a panel."""
    return f"panel/{panel_id}/room"


def own(seat: Seat) -> str:
    """Name the stream of what one member alone may know."""
    return f"panel/{seat.panel_id}/seat/{seat.pk}"


def followed(panel: Panel, seat: Seat | None) -> list[str]:
    """Name the streams a member, or with no seat an overseer, may follow."""
    return [room(panel.pk), *([own(seat)] if seat is not None else [])]
