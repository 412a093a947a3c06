"""Preliminary review (初步评审; track G: 符合性审查): votes and the decision of the majority."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from evaluation.models.panel import Panel, Seat
from trading.models import Bid


class ReviewVote(models.Model):
    """One member's verdict on one bid; a refusal carries code, clause and fact."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="review_votes")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="review_votes")
    passed = models.BooleanField()
    code = models.CharField(max_length=24, blank=True)  # TBR Art. 51 / MOF87 Art. 63
    clause = models.CharField(max_length=200, blank=True)
    fact = models.TextField(blank=True)
    page = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_review_vote", fields=["seat", "bid"]),
            models.CheckConstraint(
                name="refusal_has_grounds",
                condition=Q(passed=True) | (~Q(code="") & ~Q(clause="") & ~Q(fact="")),
            ),
        ]


class ReviewDecision(models.Model):
    """What the majority decided of one bid, with the votes behind it."""

    bid = models.OneToOneField(
        Bid, on_delete=models.PROTECT, primary_key=True, related_name="review_decision"
    )
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="review_decisions")
    passed = models.BooleanField()
    code = models.CharField(max_length=24, blank=True)
    clause = models.CharField(max_length=200, blank=True)
    fact = models.TextField(blank=True)
    page = models.PositiveIntegerField(null=True)
    votes_for = models.PositiveSmallIntegerField()
    votes_against = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
