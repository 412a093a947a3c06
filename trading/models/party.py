"""Who a bidder is, sealed: the one table that ties a random party to an organisation."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from trading.models.tender import Lot


class Party(models.Model):
    """A bidder of one lot under a random id (design rule 5).

    `sealed` is AES-256-GCM under the platform's party key over
    `{"organisation", "members": [...], "contact", "phone"}`; `blind` is a keyed hash of lot and
    organisation, so that a firm finds its own party and joins only once. Only
    `trading.services.parties` reads either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    blind = models.BinaryField(max_length=32, unique=True)
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name_plural: ClassVar = "parties"
