"""Local decisions of the calendar: emergency openings that were approved."""

from __future__ import annotations

import uuid

from django.db import models

from accounts.models import Centre


class EmergencyApproval(models.Model):
    """An approved emergency opening (应急开标) on a day the centre is closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    number = models.CharField(max_length=60)
    at = models.DateTimeField()
