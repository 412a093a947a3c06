"""The computed result, the report and the signatures under it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from evaluation.models.panel import Panel, Seat


class Result(models.Model):
    """What the formulas gave for one lot: `case` is their whole input, so anyone can recompute."""

    panel = models.OneToOneField(
        Panel, on_delete=models.PROTECT, primary_key=True, related_name="result"
    )
    case = models.JSONField()  # as `python -m core.formulas` takes it
    outcome = models.JSONField()  # as it answers
    case_sha256 = models.CharField(max_length=64)
    flags = models.JSONField(default=list)  # scores far from the other members': for a reason note
    computed_at = models.DateTimeField()


class TieDraw(models.Model):
    """An order drawn for bids that no other rule parts; held only if there are such bids.

    The seed is committed to before anybody scores, the entropy is the first checkpoint after the
    last score was locked: who scores cannot know the order, who knows the seed cannot choose it.
    """

    panel = models.OneToOneField(
        Panel, on_delete=models.PROTECT, primary_key=True, related_name="tie_draw"
    )
    commitment = models.CharField(max_length=64)
    committed_at = models.DateTimeField()
    seed = models.CharField(max_length=64)
    entropy = models.JSONField(null=True)  # {"size", "root"}
    inputs = models.JSONField(default=list)  # ids of all valid bids
    result = models.JSONField(default=list)
    drawn_at = models.DateTimeField(null=True)


class Report(models.Model):
    """The evaluation report (评标报告): as data, which members sign by hash, and as PDF.

    `pdf` is what they read before signing; `signed_pdf` is the same with their signatures.
    """

    panel = models.OneToOneField(
        Panel, on_delete=models.PROTECT, primary_key=True, related_name="report"
    )
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of the canonical body
    pdf = models.CharField(max_length=200)
    pdf_sha256 = models.CharField(max_length=64)
    signed_pdf = models.CharField(max_length=200, blank=True)
    signed_sha256 = models.CharField(max_length=64, blank=True)
    sheets_pdf = models.CharField(max_length=200)
    sheets_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()


class ReportSignature(models.Model):
    """A member signed the report's hash, agreeing or with a dissent that must give its reason.

    Who refuses both to sign and to explain is recorded as agreeing (TBR Art. 53).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.OneToOneField(Seat, on_delete=models.PROTECT, related_name="report_signature")
    agrees = models.BooleanField()
    opinion = models.TextField(blank=True)
    report_sha256 = models.CharField(max_length=64)
    signature = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="dissent_has_opinion",
                condition=models.Q(agrees=True) | ~models.Q(opinion=""),
            )
        ]
