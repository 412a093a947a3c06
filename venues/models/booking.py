"""Bookings of rooms; two live bookings of one room never meet, buffer included."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from venues.models.room import Room


class Booking(models.Model):
    """A room for a purpose from one instant to another; `reference` is opaque here.

    The times of an opening are public anyway; nothing about bidders is in a booking.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings")
    reference = models.UUIDField(db_index=True)
    purpose = models.CharField(max_length=24)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="booking_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            )
        ]
        indexes: ClassVar = [models.Index(fields=["room", "starts_at"])]
