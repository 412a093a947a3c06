"""The tender's host key: only its public half and proofs of the ceremony; never a secret."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from sealing.suites import Suite, SuiteId, of
from trading.models.tender import Tender


class SealingSuite(models.TextChoices):
    """Which algorithms a tender's bids are sealed with (`sealing/SPEC.md` §2.2)."""

    X25519 = SuiteId.X25519.value, _("通用（X25519）")
    XWING = SuiteId.XWING.value, _("抗量子（X-Wing）")
    GM1 = SuiteId.GM1.value, _("国密算法演示（SM2/SM3/SM4）")


class HostKey(models.Model):
    """Public half of the key the tenderer or its agency made offline (sealing design §5.3 step 0).

    `holders` lists the three named holders with the commitment of each one's file:
    `[{"name", "title", "organisation", "file_sha256"}]`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tender = models.OneToOneField(Tender, on_delete=models.PROTECT, related_name="host_key")
    kid = models.CharField(max_length=32)
    suite = models.CharField(max_length=8, choices=SealingSuite, default=SealingSuite.X25519)
    public_key = models.CharField(max_length=1700)  # base64url; X-Wing's has 1,216 bytes
    holders = models.JSONField()
    registered_at = models.DateTimeField()
    tested_at = models.DateTimeField(null=True)  # re-load test before publication
    retested_at = models.DateTimeField(null=True)  # again within 24 h before the deadline
    challenge = models.CharField(max_length=64, blank=True)  # what the re-load test must unbox
    log_entry = models.UUIDField(null=True)  # audit.LogEntry of key.publish

    @property
    def algorithms(self) -> Suite:
        """The suite itself."""
        return of(self.suite)
