"""Adding rooms to a centre."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Centre
from audit.services import record
from venues import events
from venues.models import Room


@transaction.atomic
def add_room(
    *,
    centre: Centre,
    kind: str,
    name: str,
    seats: int,
    has_codec: bool,
    actor: str,
    now: datetime,
) -> Room:
    """Add a room that can be booked from now on."""
    made = Room.objects.create(
        centre=centre, kind=Room.Kind(kind), name=name, seats=seats, has_codec=has_codec
    )
    event = events.RoomAdded(room=made.pk, kind=kind, seats=seats)
    record(stream=events.room(made.pk), event=event, actor=actor, now=now)
    return made
