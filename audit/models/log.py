"""The transparency log: one leaf a tick, so that its size tells the time and nothing else.

An entry waits without a tick until the sequencer places it. Of the RFC 6962 tree the roots of
complete subtrees of sixteen leaves and more are kept; what lies below is recomputed from the
ticks, so that a proof costs two queries at any size and a leaf about a tenth of a row more.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.fields.json import KT

from audit.models.fields import hash_field


class LogTick(models.Model):
    """One leaf: the root of the batch tree made at that tick, whether or not it holds entries."""

    # The leaf's index in the log, from 0. It counts ticks; the checkpoint tells the time.
    index = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    # Real seconds by the database's clock: the beat is real even where the story clock jumps.
    real_at = models.DateTimeField()
    # Derives the filler of every empty subtree; with it entries and emptiness can be told apart.
    batch_key = hash_field()
    batch_root = hash_field()


class LogEntry(models.Model):
    """A fact committed to by the log; its salt keeps guesses from being tested against roots."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    body = models.JSONField()
    salt = hash_field()
    leaf_hash = hash_field()
    queued_at = models.DateTimeField()
    tick = models.ForeignKey(LogTick, on_delete=models.PROTECT, null=True, related_name="entries")
    position = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["leaf_hash"], name="audit_entry_leaf_hash"),
            models.UniqueConstraint(fields=["tick", "position"], name="audit_entry_position"),
            models.CheckConstraint(
                condition=models.Q(tick__isnull=True, position__isnull=True)
                | models.Q(tick__isnull=False, position__isnull=False),
                name="audit_entry_placed_whole",
            ),
        ]
        indexes = [
            # Finds what the log holds of one lot.
            models.Index(KT("body__lot"), "kind", name="audit_entry_lot"),
            models.Index(
                fields=["queued_at"],
                condition=models.Q(tick__isnull=True),
                name="audit_entry_waiting",
            ),
        ]


class TreeNode(models.Model):
    """The root of the complete subtree of `2**level` leaves from leaf `index * 2**level` on."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = hash_field()


class Checkpoint(models.Model):
    """The log's signed word on its own size and root."""

    size = models.BigIntegerField(primary_key=True)
    root = hash_field()
    note = models.TextField()
    at = models.DateTimeField()
    # True when the tick closed a tender: that instant gets a timestamp of its own.
    must_stamp = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["size"],
                condition=models.Q(must_stamp=True),
                name="audit_checkpoint_must_stamp",
            ),
        ]


class Stamp(models.Model):
    """A timestamp authority's RFC 3161 token over one checkpoint."""

    checkpoint = models.OneToOneField(
        Checkpoint, on_delete=models.PROTECT, primary_key=True, related_name="stamp"
    )
    authority = models.CharField(max_length=200)
    token = models.BinaryField(editable=False)
    stamped_at = models.DateTimeField()
    stored_at = models.DateTimeField()


class Cosignature(models.Model):
    """A witness's signature line over one checkpoint (C2SP tlog-cosignature)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    checkpoint = models.ForeignKey(
        Checkpoint, on_delete=models.PROTECT, related_name="cosignatures"
    )
    witness = models.CharField(max_length=200)
    line = models.CharField(max_length=400)
    signed_at = models.DateTimeField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "witness"], name="audit_cosigned_once"),
        ]
