"""Commands that were carried out and the events they left, one gap-free chain a stream."""

from __future__ import annotations

import uuid

from django.db import models

from audit.models.fields import hash_field


class Command(models.Model):
    """An act somebody asked for once; asked for again it is answered, not repeated."""

    id = models.UUIDField(primary_key=True)
    actor = models.CharField(max_length=80)
    body_sha = hash_field()
    # Null only inside the transaction that is carrying the command out.
    reply = models.JSONField(null=True)
    at = models.DateTimeField()


class StreamHead(models.Model):
    """The last number and hash of a stream; its row lock gives out the next number."""

    stream = models.CharField(primary_key=True, max_length=200)
    seq = models.BigIntegerField()
    hash = hash_field()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=0), name="audit_head_seq_positive"),
        ]


class Event(models.Model):
    """One change of one aggregate, told to one audience, bound to the event before it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stream = models.CharField(max_length=200)
    seq = models.BigIntegerField()
    name = models.CharField(max_length=80)
    # An opaque id: `str(person.id)`, `system:clock`, `bank:<code>`. Audit knows no table of theirs.
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    body = models.JSONField()
    prev_hash = hash_field()
    hash = hash_field()
    command = models.ForeignKey(Command, on_delete=models.PROTECT, null=True, related_name="events")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="audit_event_stream_seq"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_event_seq_positive"),
        ]
        indexes = [
            models.Index(fields=["actor", "at"], name="audit_event_actor_at"),
            models.Index(fields=["at"], name="audit_event_at"),
        ]
