"""Uploads, submissions and sealed bids: ciphertext, hashes and times, never a price."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from trading.models.party import Party
from trading.models.tender import Lot


class Upload(models.Model):
    """A resumable upload of sealed bytes (tus 1.0); `offset` bytes are stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="uploads")
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    file = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="upload_within_length",
                condition=Q(offset__gte=0) & Q(offset__lte=models.F("length")),
            )
        ]


class Submission(models.Model):
    """The intent row: `received_at` was stamped and committed before anything was checked.

    The deadline's close waits until every submission received in time has settled.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="submissions")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="submissions")
    command = models.UUIDField(unique=True)
    received_at = models.DateTimeField()
    claims = models.JSONField()  # ct_root, size, header_sha256 as the bidder signed them
    signature = models.UUIDField()  # accounts.Signature
    state = models.CharField(max_length=12, default="RECEIVED")
    code = models.CharField(max_length=32, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                name="submission_unsettled", fields=["party"], condition=Q(state="RECEIVED")
            )
        ]


class Bid(models.Model):
    """A sealed bid: at most one live bid a party; older ones are kept and never opened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="bids")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="bids")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="bid")
    state = models.CharField(max_length=12, default="SEALED")
    state_code = models.CharField(max_length=32, blank=True)  # `selectors.watching` has the words
    attribution = models.CharField(max_length=12, blank=True)  # "bidder" or "not_bidder"
    clause = models.TextField(blank=True)  # of a rejection: what it rests on
    fact = models.TextField(blank=True)  # of a rejection: what was found
    received_at = models.DateTimeField()
    file = models.CharField(max_length=200)
    size = models.BigIntegerField()
    header = models.TextField()  # the canonical header, as text
    header_sha256 = models.CharField(max_length=64)
    kc = models.CharField(max_length=64)
    bidder_kid = models.CharField(max_length=32)
    ct_root = models.CharField(max_length=64)
    ct_sha256 = models.CharField(max_length=64)
    ct_sm3 = models.CharField(max_length=64)
    doc_version = models.PositiveSmallIntegerField()
    receipt_id = models.CharField(max_length=43, unique=True)  # 256 random bits, base64url
    receipt = models.TextField()  # JWS
    log_entry = models.UUIDField()  # audit.LogEntry of bid.receive
    signature = models.UUIDField()  # accounts.Signature of the submission
    end_entry = models.UUIDField(null=True)  # audit.LogEntry of bid.supersede or bid.withdraw
    ended_at = models.DateTimeField(null=True)
    package_opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_live_bid_a_party",
                fields=["party"],
                condition=~Q(state__in=["WITHDRAWN", "SUPERSEDED"]),
            )
        ]


class BidFile(models.Model):
    """A file of an opened package; readable by the panel and the regulator only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="files")
    part = models.CharField(max_length=16)  # technical, commercial, price
    name = models.CharField(max_length=240)  # of sealing/SPEC.md §3.3, where it counts bytes
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=200)
    pages = models.PositiveIntegerField(null=True)  # of a PDF, counted in a limited child process

    class Meta:
        ordering: ClassVar = ["part", "name"]


class Share(models.Model):
    """A released key share, checked against its commitment when it arrived.

    A failed try is kept too: it decides whose fault an unopened bid is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="shares")
    label = models.CharField(max_length=16)  # "bidder" or "host"
    share = models.BinaryField(max_length=48, null=True)  # veiled: services.opening.shares
    valid = models.BooleanField()
    code = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    signature = models.UUIDField(null=True)
    log_entry = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_valid_share_a_label", fields=["bid", "label"], condition=Q(valid=True)
            )
        ]
