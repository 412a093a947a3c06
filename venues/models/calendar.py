"""The calendar's local part: arranged years, emergency openings, days a centre is shut."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from accounts.models import Centre


class ArrangedYear(models.Model):
    """A year's holiday arrangement that came out after this release of the software.

    Written as in `core.workdays.arrangements`: `0101-0103 0215-0223`. It stands over the built-in
    year of the same number.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    off = models.CharField(max_length=300)
    worked = models.CharField(max_length=200, blank=True)
    # The notice it was taken from, such as 国办发明电〔2026〕7号.
    source = models.CharField(max_length=120)
    loaded_at = models.DateTimeField()


class EmergencyApproval(models.Model):
    """An approved emergency opening (应急开标) on a day the centre is closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    number = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="emergency_once_a_day", fields=["centre", "day"])
        ]


class Closure(models.Model):
    """A day on which a centre takes no new bookings, whatever the calendar says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="closure_once_a_day", fields=["centre", "day"])
        ]
