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
    computed_at = models.DateTimeField()


class Report(models.Model):
    """The evaluation report (评标报告) and the score sheets, as PDF."""

    panel = models.OneToOneField(
        Panel, on_delete=models.PROTECT, primary_key=True, related_name="report"
    )
    pdf = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
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
