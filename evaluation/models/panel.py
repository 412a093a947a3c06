"""The panel (评标委员会): its seats, declarations and the vote for its leader.

A panel takes the id of the draw it came from, so that one stream tells its whole life.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from evaluation.models.draw import ExpertDraw
from trading.models import Lot


class Panel(models.Model):
    """The committee of one lot; several lots of a tender each have their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draw = models.OneToOneField(ExpertDraw, on_delete=models.PROTECT, related_name="panel")
    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="panel")
    state = models.CharField(max_length=16, default="INVITING")
    sites = models.JSONField()  # host site first
    meets_at = models.DateTimeField()
    hours = models.PositiveSmallIntegerField()  # how long the invitation says it takes
    leader = models.OneToOneField("Seat", on_delete=models.PROTECT, null=True, related_name="leads")
    # A member who steps aside voids the votes so far: the next election has its own rounds.
    election = models.PositiveSmallIntegerField(default=1)
    vote_round = models.PositiveSmallIntegerField(default=1)
    formed_at = models.DateTimeField(null=True)
    summarised_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)


class Representative(models.Model):
    """A member the tenderer names itself (招标人代表), before or after the draw."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="representatives")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    specialty = models.CharField(max_length=40)
    site = models.CharField(max_length=6)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    barred_at = models.DateTimeField(null=True)  # of a bidder, as the published list showed

    class Meta:
        ordering: ClassVar = ["at"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="representative_once", fields=["lot", "person"])
        ]


class Seat(models.Model):
    """One member's seat. `code` (E-03) is the name other people see while it is secret."""

    class Role(models.TextChoices):
        """Drawn expert, or the tenderer's own representative (at most a third)."""

        EXPERT = "expert", _("评标专家")
        REPRESENTATIVE = "representative", _("招标人代表")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="panel_seats")
    role = models.CharField(max_length=16, choices=Role)
    specialty = models.CharField(max_length=40)
    site = models.CharField(max_length=6)
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=8)
    state = models.CharField(max_length=16, default="NOTIFIED")
    notified_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=200, blank=True)
    checked_in_at = models.DateTimeField(null=True)
    criteria_read_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    locked_size = models.BigIntegerField(null=True)  # leaves of the log known when it was locked
    lock_sha256 = models.CharField(max_length=64, blank=True)
    lock_signature = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="seat_person_once", fields=["panel", "person"]),
            models.UniqueConstraint(name="panel_seat_number_once", fields=["panel", "number"]),
            models.CheckConstraint(
                name="locked_has_hash", condition=Q(locked_at__isnull=True) | ~Q(lock_sha256="")
            ),
        ]


class Declaration(models.Model):
    """A member's signed avoidance statement, bidder by bidder, with the promise of secrecy."""

    seat = models.OneToOneField(
        Seat, on_delete=models.PROTECT, primary_key=True, related_name="declaration"
    )
    answers = models.JSONField()  # [{"party", "related": bool, "reason"}]
    signature = models.UUIDField()
    at = models.DateTimeField()


class LeaderVote(models.Model):
    """One member's vote for the leader in one round; shown only after all have voted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="leader_votes")
    choice = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    election = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_leader_vote_a_round", fields=["seat", "election", "round"]
            )
        ]
