"""The opening of one lot: its stage and timers, seats, lines, objections and answers."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from accounts.models import Organisation, Person
from trading.models.bid import Bid
from trading.models.party import Party
from trading.models.tender import Lot


class Opening(models.Model):
    """A no-meet opening (不见面开标). Timers are columns; the clock moves what is due."""

    lot = models.OneToOneField(
        Lot, on_delete=models.PROTECT, primary_key=True, related_name="opening"
    )
    stages = models.JSONField()  # the codes of this lot in order
    stage = models.CharField(max_length=20, default="LOBBY")
    staff = models.JSONField(default=dict)  # {"host", "recorder", "supervisor", "witness": name}
    host_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    delegated_to_centre = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    decrypt_starts_at = models.DateTimeField(null=True)
    decrypt_ends_at = models.DateTimeField(null=True)
    # Every period in which bidders could decrypt: {"starts_at", "ended_at", "reason"}.
    decrypt_periods = models.JSONField(default=list)
    opened_at = models.DateTimeField(null=True)  # when all forms had been opened
    objection_ends_at = models.DateTimeField(null=True)
    confirm_ends_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    suspension_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    close_entry = models.UUIDField(null=True)  # audit.LogEntry of tender.close
    result_entry = models.UUIDField(null=True)  # audit.LogEntry of open.result
    record_hash = models.CharField(max_length=64, blank=True)  # what bidders confirm and staff sign
    document = models.JSONField(null=True)  # opening-LOT.json once published
    document_checkpoint = models.TextField(blank=True)  # the note its proofs are against
    record_pdf = models.CharField(max_length=200, blank=True)
    record_sha256 = models.CharField(max_length=64, blank=True)


class SignIn(models.Model):
    """A party signed in to the hall; before the list only the party itself sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="sign_in")
    # Who came, as `trading.services.parties.hand_of` names people: the row says who is here.
    hand = models.CharField(max_length=80)
    at = models.DateTimeField()


class OpeningSeat(models.Model):
    """A bidder with a name and a seat: written when the list is published, not before."""

    party = models.OneToOneField(
        Party, on_delete=models.PROTECT, primary_key=True, related_name="seat"
    )
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    members = models.JSONField(default=list)  # names of the other consortium members
    security = models.JSONField(default=dict)  # the deposit verdict shown in the hall
    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="seat")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="seat_number_once", fields=["opening", "number"])
        ]


class OpeningLine(models.Model):
    """One line of the read-out (开标一览表), exactly as the sealed form said it."""

    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, primary_key=True, related_name="line")
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="lines")
    form = models.JSONField()
    form_sha256 = models.CharField(max_length=64)
    price_fen = models.BigIntegerField()
    price_corrected_fen = models.BigIntegerField(null=True)  # never overwrites the read-out
    # As wide as sealing/SPEC.md §3.2 lets a sealed form be: what was sealed is what is read out.
    duration_days = models.PositiveBigIntegerField()
    quality = models.CharField(max_length=200)
    manager = models.CharField(max_length=200)
    opened_at = models.DateTimeField()


class Objection(models.Model):
    """An objection to the opening, raised and answered on the spot (TBR Art. 44)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="objections")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="objections")
    text = models.TextField()
    at = models.DateTimeField()
    signature = models.UUIDField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["at"]


class RecordAnswer(models.Model):
    """What a bidder said of the opening record; silence at the end of the time is recorded too."""

    party = models.OneToOneField(
        Party, on_delete=models.PROTECT, primary_key=True, related_name="record_answer"
    )
    answer = models.CharField(max_length=12)  # confirm, object, silent
    at = models.DateTimeField()
    signature = models.UUIDField(null=True)


class HallMessage(models.Model):
    """A message in the hall: from the host to all, or between one party and the host."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="messages")
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, related_name="hall_messages"
    )
    by_host = models.BooleanField()
    text = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at"]
