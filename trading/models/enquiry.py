"""Enquiries about the documents and the amendments that answer or change them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from trading.models.notice import Notice
from trading.models.tender import Tender


class Enquiry(models.Model):
    """A question (提问/异议 to the documents); the asker stays sealed for good.

    `asker_sealed` is read only to send the answer home.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="enquiries")
    asker_sealed = models.BinaryField()
    # A keyed hash of tender, firm and how many it asked before: the firm finds its own questions
    # by it, and no two of one author look alike. Empty on questions asked before it was kept.
    blind = models.BinaryField(max_length=32, null=True, unique=True)
    is_objection = models.BooleanField(default=False)  # TBR Art. 22: pauses until answered
    text = models.TextField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="ASKED")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["asked_at"]


class Amendment(models.Model):
    """A change of the documents: a new version, a visible difference, perhaps a new deadline."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="amendments")
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="amendment")
    from_version = models.PositiveSmallIntegerField()
    to_version = models.PositiveSmallIntegerField()
    summary = models.TextField()
    affects_preparation = models.BooleanField(default=True)
    old_deadline_at = models.DateTimeField()
    new_deadline_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at"]
