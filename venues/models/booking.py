"""Bookings of rooms; two live bookings of one room never meet, buffer included."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from venues.models.room import Room


class RoomAsRange(Func):
    """A room as a range of one number, so that GiST can compare rooms without btree_gist.

    The PostgreSQL of the wheel carries no contrib modules. Two rooms share a number once in 2⁶⁴.
    """

    template = (
        "numrange(uuid_hash_extended(%(expressions)s, 0)::numeric, "
        "uuid_hash_extended(%(expressions)s, 0)::numeric, '[]')"
    )
    arity = 1


class Span(Func):
    """The time a booking keeps its room from others."""

    function = "tstzrange"
    output_field = DateTimeRangeField()


class Booking(models.Model):
    """A room for a purpose from one instant to another; `reference` is opaque here.

    The times of an opening are public anyway; nothing about bidders is in a booking.
    """

    class Purpose(models.TextChoices):
        """What a room was booked for."""

        OPENING = "opening", _("开标")
        EVALUATION = "evaluation", _("评标")
        QUOTE = "quote", _("报价")
        NEGOTIATION = "negotiation", _("谈判")
        AUCTION = "auction", _("竞价")
        HOLD = "hold", _("保留")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings")
    reference = models.UUIDField(db_index=True)
    purpose = models.CharField(max_length=24, choices=Purpose)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # The end and the time it takes to clear the room.
    busy_until = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="booking_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at"), busy_until__gte=F("ends_at")),
            ),
            ExclusionConstraint(
                name="booking_never_meets_another",
                expressions=[
                    (RoomAsRange("room"), RangeOperators.OVERLAPS),
                    (Span("starts_at", "busy_until", Value("[)")), RangeOperators.OVERLAPS),
                ],
                condition=Q(released_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["room", "starts_at"])]
