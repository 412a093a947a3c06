"""Orders to pay, the three hands each goes through, and the outbox from which one leaves once."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from bank_escrow.domain.lifecycle import OVER
from bank_escrow.models.banks import Bank
from bank_escrow.models.deposits import BankCredit, Deposit

_PAST_MAKER = [
    "SUBMITTED",
    "APPROVED",
    "QUEUED",
    "SENDING",
    "PROCESSING",
    "UNKNOWN",
    "ABSENT",
    "BREAK",
    "DONE",
    "FAILED_BANK",
    "FAILED_CONFIRMED",
    "RETURNED",
]
_PAST_CHECKER = _PAST_MAKER[1:]
_PAST_QUEUE = _PAST_MAKER[2:]


class Instruction(models.Model):
    """An order to the bank to pay the money of one credit to whoever paid it, or to forfeit it."""

    class State(models.TextChoices):
        """The states of `domain.lifecycle.INSTRUCTION`."""

        DRAFT = "DRAFT"
        SUBMITTED = "SUBMITTED"
        APPROVED = "APPROVED"
        QUEUED = "QUEUED"
        SENDING = "SENDING"
        PROCESSING = "PROCESSING"
        UNKNOWN = "UNKNOWN"
        ABSENT = "ABSENT"
        BREAK = "BREAK"
        DONE = "DONE"
        CANCELLED = "CANCELLED"
        FAILED_BANK = "FAILED_BANK"
        FAILED_CONFIRMED = "FAILED_CONFIRMED"
        RETURNED = "RETURNED"

    class Purpose(models.TextChoices):
        """Why money leaves."""

        REFUND = "REFUND"
        FORFEIT = "FORFEIT"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="instructions")
    # The beneficiary is the payer of this row; there is no other field for one.
    credit = models.ForeignKey(BankCredit, on_delete=models.PROTECT, related_name="instructions")
    deposit = models.ForeignKey(
        Deposit, on_delete=models.PROTECT, null=True, related_name="instructions"
    )
    seq = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    amount_fen = models.BigIntegerField()
    with_interest = models.BooleanField()
    # Taken from the deposit itself, or from what was set aside beside it.
    from_suspense = models.BooleanField()
    basis = models.CharField(max_length=40)
    document = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    alarmed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    serial = models.CharField(max_length=40, unique=True)
    # Hash of who gets how much and why: what maker, checker and releaser sign.
    content_sha = models.CharField(max_length=64)
    needs_release = models.BooleanField()
    maker = models.CharField(max_length=80, blank=True)
    maker_signature = models.UUIDField(null=True)
    checker = models.CharField(max_length=80, blank=True)
    checker_signature = models.UUIDField(null=True)
    releaser = models.CharField(max_length=80, blank=True)
    releaser_signature = models.UUIDField(null=True)
    bank_day = models.DateField(null=True)
    wire_sealed = models.BinaryField(null=True)
    wire_sha = models.CharField(max_length=64, blank=True)
    queries = models.PositiveIntegerField(default=0)
    next_query_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    interest_fen = models.BigIntegerField(default=0)
    bank_ref = models.CharField(max_length=32, blank=True)
    settled_at = models.DateTimeField(null=True)
    # The bank day on which it was paid: a late copy is paid on a later one than it was written for.
    paid_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="instruction_one_live",
                fields=["credit"],
                condition=~Q(state__in=sorted(state.value for state in OVER)),
            ),
            models.UniqueConstraint(name="instruction_seq", fields=["credit", "seq"]),
            models.CheckConstraint(name="instruction_positive", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="instruction_has_maker",
                condition=~Q(state__in=_PAST_MAKER) | ~Q(maker=""),
            ),
            models.CheckConstraint(
                name="instruction_has_checker",
                condition=~Q(state__in=_PAST_CHECKER) | ~Q(checker=""),
            ),
            models.CheckConstraint(
                name="instruction_has_releaser",
                condition=~Q(state__in=_PAST_QUEUE) | Q(needs_release=False) | ~Q(releaser=""),
            ),
            models.CheckConstraint(
                name="instruction_two_persons",
                condition=Q(checker="") | ~Q(maker=F("checker")),
            ),
            models.CheckConstraint(
                name="instruction_third_person",
                condition=Q(releaser="") | (~Q(releaser=F("maker")) & ~Q(releaser=F("checker"))),
            ),
            models.CheckConstraint(
                name="instruction_queued_is_written",
                condition=~Q(state__in=_PAST_QUEUE)
                | (Q(bank_day__isnull=False, wire_sealed__isnull=False) & ~Q(wire_sha="")),
            ),
            models.CheckConstraint(
                name="instruction_forfeit_by_document",
                condition=~Q(purpose="FORFEIT") | Q(document__isnull=False, with_interest=False),
            ),
        ]
        indexes = [
            models.Index(
                name="instruction_to_ask",
                fields=["next_query_at"],
                condition=Q(state__in=["PROCESSING", "UNKNOWN"]),
            ),
        ]


class Outbox(models.Model):
    """One row, one send: claimed and committed before the call, never claimed again after it."""

    instruction = models.OneToOneField(
        Instruction, on_delete=models.PROTECT, primary_key=True, related_name="outbox"
    )
    queued_at = models.DateTimeField()
    # In real time, the rest in the story's: it measures how long a call has been out.
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
