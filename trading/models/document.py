"""Tender documents in versions, and who downloaded which (sealed by party)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from trading.models.tender import Tender


class DocumentSet(models.Model):
    """One version of the tender documents; a bid states the version it was built on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="document_sets")
    version = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField(null=True)
    content = models.JSONField(default=dict)  # the clauses, as data, for the visible difference

    class Meta:
        ordering: ClassVar = ["version"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="document_version_once", fields=["tender", "version"])
        ]


class Document(models.Model):
    """One file of a document set, content-addressed in the default storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document_set = models.ForeignKey(
        DocumentSet, on_delete=models.PROTECT, related_name="documents"
    )
    name = models.CharField(max_length=160)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=200)


class Download(models.Model):
    """That somebody took a file; the firm is sealed like every fact about bidders.

    It is read only to tell every downloader of every addendum (EBM20 Art. 22). `blind` is a keyed
    hash of file and firm, by which a firm finds its own downloads without reading another's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taker_sealed = models.BinaryField()
    blind = models.BinaryField(max_length=32)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(name="download_own", fields=["blind"])]


class Announcement(models.Model):
    """What every firm that took the documents is to be told; the clock tells it, once.

    In both languages, in the words of that day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="announcements")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    subject_en = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                name="announcement_due", fields=["at"], condition=models.Q(told_at__isnull=True)
            )
        ]
