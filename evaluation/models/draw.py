"""The expert library and the random draws: of experts from it, of an order for ties."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Person
from trading.models import Lot


class Expert(models.Model):
    """A person of the expert library (评标专家库)."""

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, primary_key=True, related_name="expert"
    )
    specialties = models.JSONField(default=list)
    site = models.CharField(max_length=6)  # GB/T 2260: the library and site the expert belongs to
    employer = models.CharField(max_length=120)
    # Further employers of the last three years (GPR Art. 9), by name or credit code.
    ties = models.JSONField(default=list)
    active = models.BooleanField(default=True)


class ExpertDraw(models.Model):
    """A draw by commit and reveal (TBR Art. 46): replayed by `manage.py verify_draw experts ID`.

    The pool is fixed with the commitment, before the entropy exists: every eligible expert with
    specialties and site. Who was left out, and why, is never stored or shown. The draw puts the
    whole pool in order; who comes first fills the seats, the others are the reserve.

    A lot has one draw. Another takes its place only when a second person gives it up and says why;
    it keeps its number, so that the report can say how many there were.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="expert_draws")
    number = models.PositiveSmallIntegerField()  # of this lot, from 1, those given up included
    wanted = models.JSONField()  # [{"specialty", "site", "count"}]
    meets_at = models.DateTimeField()
    hours = models.PositiveSmallIntegerField()
    pool = models.JSONField()  # [{"expert", "specialties", "site"}], sorted by expert
    commitment = models.CharField(max_length=64)
    committed_at = models.DateTimeField()
    committed_size = models.BigIntegerField()  # leaves of the log known when it was committed
    seed = models.CharField(max_length=64)  # hex; told to nobody before the draw
    entropy = models.JSONField(null=True)  # {"size", "root"} of the first checkpoint after it
    result = models.JSONField(default=list)  # the pool's expert ids in the order drawn
    drawn_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_up_at = models.DateTimeField(null=True)
    given_up_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )  # never `by`
    given_up_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="expert_draw_number_once", fields=["lot", "number"]),
            models.UniqueConstraint(
                name="one_live_expert_draw", fields=["lot"], condition=Q(given_up_at__isnull=True)
            ),
            models.CheckConstraint(
                name="held_draw_is_not_given_up",
                condition=Q(given_up_at__isnull=True) | Q(drawn_at__isnull=True),
            ),
        ]
