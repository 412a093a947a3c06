"""From the report to the contract: qualification, candidates, award, contract, objections."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from accounts.models import Person
from trading.models.bid import Bid
from trading.models.notice import Notice
from trading.models.party import Party
from trading.models.tender import Lot


class QualificationReview(models.Model):
    """Track G: the purchaser's review of one bidder's qualification (MOF87 Art. 44)."""

    bid = models.OneToOneField(
        Bid, on_delete=models.PROTECT, primary_key=True, related_name="qualification"
    )
    passed = models.BooleanField()
    clause = models.CharField(max_length=120, blank=True)
    fact = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    signature = models.UUIDField(null=True)


class Candidate(models.Model):
    """A ranked candidate as the panel's report named it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="candidates")
    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="candidacy")
    rank = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    price_fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["rank"]


class Award(models.Model):
    """Who won the lot, by rank or with the legal reason for departing from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="award")
    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="award")
    price_fen = models.BigIntegerField()
    reason = models.TextField(blank=True)  # required where rank 1 was not taken
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    signature = models.UUIDField()
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="+")
    notified_at = models.DateTimeField(null=True)
    notice_pdf = models.CharField(max_length=200, blank=True)
    notice_sha256 = models.CharField(max_length=64, blank=True)


class Contract(models.Model):
    """The signed contract: its date starts the refunds of track T (TBR Art. 57)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="contract")
    amount_fen = models.BigIntegerField()
    signed_on = models.DateField()
    recorded_at = models.DateTimeField()
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    signature = models.UUIDField()


class ResultObjection(models.Model):
    """An objection to the result (异议, TBR Art. 54) or a challenge in track G (质疑)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="result_objections")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="result_objections"
    )
    text = models.TextField()
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["at"]
