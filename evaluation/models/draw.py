"""The expert library and the random draw from it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

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
    active = models.BooleanField(default=True)


class ExpertDraw(models.Model):
    """A draw by commit and reveal (TBR Art. 46): replayed by `manage.py verify_draw experts ID`.

    `pool` lists every eligible expert id in canonical order with its specialty and site; who was
    left out, and why, is computed inside the sealed service and never stored or shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="expert_draws")
    wanted = models.JSONField()  # [{"specialty", "site", "count"}]
    commitment = models.CharField(max_length=64)
    committed_at = models.DateTimeField()
    seed = models.CharField(max_length=64, blank=True)  # hex, revealed with the draw
    entropy = models.JSONField(default=list)  # public inputs that came after the commitment
    pool = models.JSONField(default=list)
    result = models.JSONField(default=list)
    drawn_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["committed_at"]
