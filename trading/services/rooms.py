"""Book the opening room at exactly the deadline, and move it with the deadline."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Person
from audit.services import record
from core.verdicts import Refusal
from trading.events.tenders import RoomBooked
from trading.models import Tender
from trading.selectors.streams import tender_staff
from venues.services import book as book_room
from venues.services import release as release_room

LENGTH = timedelta(hours=2)


def book(*, tender: Tender, room_id: UUID | None, person: Person, now: datetime) -> UUID:
    """Book a room for the draft's deadline; an earlier booking of the draft is given back."""
    tender = Tender.objects.select_for_update().get(pk=tender.pk)
    if tender.state != "DRAFT":
        raise Refusal("T-020")
    if tender.deadline_at is None:
        raise Refusal("T-031", deadline="—")
    if tender.opening_room is not None:
        release_room(booking_id=tender.opening_room, actor=str(person.pk), now=now)
    booking = book_room(
        centre=tender.centre,
        kind="OPENING",
        room_id=room_id,
        reference=tender.pk,
        purpose="opening",
        starts_at=tender.deadline_at,
        ends_at=tender.deadline_at + LENGTH,
        actor=str(person.pk),
        now=now,
    )
    tender.opening_room = booking.pk
    tender.save(update_fields=["opening_room"])
    record(
        stream=tender_staff(tender),
        event=RoomBooked(booking=booking.pk),
        actor=str(person.pk),
        now=now,
    )
    return booking.pk
