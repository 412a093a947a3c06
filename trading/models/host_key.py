"""The tender's host key: only its public half and proofs of the ceremony; never a secret."""

from __future__ import annotations

import uuid

from django.db import models

from trading.models.tender import Tender


class HostKey(models.Model):
    """Public half of the key the tenderer or its agency made offline (sealing design §5.3 step 0).

    `holders` lists the three named holders with the commitment of each one's file:
    `[{"name", "title", "organisation", "file_sha256"}]`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.OneToOneField(Tender, on_delete=models.PROTECT, related_name="host_key")
    kid = models.CharField(max_length=32)
    public_key = models.CharField(max_length=64)  # base64url X25519
    holders = models.JSONField()
    registered_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)  # re-load test before publication
    retested_at = models.DateTimeField(null=True)  # again within 24 h before the deadline
    challenge = models.CharField(max_length=64, blank=True)  # what the re-load test must unbox
    log_entry = models.UUIDField(null=True)  # audit.LogEntry of key.publish
