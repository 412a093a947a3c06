"""Members' scores, and the note of every time their locks were lifted."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from evaluation.models.panel import Panel, Seat
from trading.models import Bid, BidFile, Criterion


class Score(models.Model):
    """Autosaved while the seat scores; frozen by the seat's lock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="scores")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.DecimalField(max_digits=7, decimal_places=3)
    note = models.TextField(blank=True)
    file = models.ForeignKey(BidFile, on_delete=models.PROTECT, null=True, related_name="+")
    page = models.PositiveIntegerField(null=True)  # of the file it was read in
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_score", fields=["seat", "bid", "criterion"]),
            models.CheckConstraint(name="score_not_negative", condition=Q(value__gte=0)),
        ]


class Reopening(models.Model):
    """Locks lifted before the summary because members differ on facts (MOF87 Art. 64)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="reopenings")
    differences = models.JSONField()  # [{"bid", "criterion"}], without the values
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at"]
