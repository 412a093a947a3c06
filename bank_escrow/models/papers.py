"""Papers that stand in for money: letters of guarantee, and claims that none is owed."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q

from bank_escrow.models.deposits import Deposit


class Paper(models.Model):
    """A paper handed in for a deposit; what it says and its file are sealed like a payer's name.

    A row is never edited but for its state: another paper takes its place as another row.
    """

    class Kind(models.TextChoices):
        """What the paper is."""

        GUARANTEE = "GUARANTEE"
        WAIVER = "WAIVER"

    class State(models.TextChoices):
        """The states of `domain.lifecycle.PAPER`."""

        HELD = "HELD"
        REPLACED = "REPLACED"
        TAKEN_BACK = "TAKEN_BACK"
        ACCEPTED = "ACCEPTED"
        REFUSED = "REFUSED"
        RELEASED = "RELEASED"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.HELD)
    facts_sealed = models.BinaryField()
    file_sealed = models.BinaryField(null=True)
    handed_in_at = models.DateTimeField()
    # Of the check after the opening: who, when, and for a refusal by which clause on what fact.
    checked_by = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True)
    clause = models.CharField(max_length=200, blank=True)
    fact = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="paper_once",
                fields=["deposit"],
                condition=~Q(state__in=["REPLACED", "TAKEN_BACK"]),
            ),
            models.CheckConstraint(
                name="paper_refusal_says_why",
                condition=~Q(state="REFUSED") | (~Q(clause="") & ~Q(fact="")),
            ),
        ]
