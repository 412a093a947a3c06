"""Rooms of a centre (domain handbook §16.3)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Centre


class Room(models.Model):
    """A bookable room; a virtual hall is a room with no seats."""

    class Kind(models.TextChoices):
        """What a room is for."""

        OPENING = "OPENING", _("开标室")
        EVALUATION = "EVALUATION", _("评标室")
        REMOTE = "REMOTE", _("远程评标室")
        QUOTE = "QUOTE", _("集中报价室")
        NEGOTIATION = "NEGOTIATION", _("谈判室")
        AUCTION = "AUCTION", _("竞价室")
        REST = "REST", _("专家休息室")
        MONITOR = "MONITOR", _("见证监督室")
        CHANNEL = "CHANNEL", _("标书运输通道")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="rooms")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=60)
    seats = models.PositiveSmallIntegerField(default=0)
    # Camera, microphones and screens that reach another city's room.
    has_codec = models.BooleanField(default=False)
    in_use = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["centre", "kind", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="room_name_once", fields=["centre", "name"]),
            models.CheckConstraint(
                name="remote_room_has_codec",
                condition=~models.Q(kind="REMOTE") | models.Q(has_codec=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name
