"""Why a lot's deposits go back: the law's events, as they came to pass."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bank_escrow.models.deposits import DepositRequirement


class RefundGround(models.Model):
    """An event after which the law gives deposits of a lot back, and whose.

    Written by the act that was the event (the list, the award notice, the contract, the end of
    the lot), never by finance: nobody can prepare a refund on a ground that is not here.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    requirement = models.ForeignKey(
        DepositRequirement, on_delete=models.PROTECT, related_name="grounds"
    )
    basis = models.CharField(max_length=20)
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    with_interest = models.BooleanField()
    # All bidders of the lot where there is no list.
    parties = ArrayField(models.UUIDField(), null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
