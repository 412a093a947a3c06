"""Banks, the accounts they opened for us, what they told us, and where that does not agree."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q


class Bank(models.Model):
    """A bank we are connected to; a stopped bank sends nothing until people start it again."""

    code = models.CharField(primary_key=True, max_length=20)
    # The two digits of this bank in serials.
    number = models.PositiveSmallIntegerField(unique=True)
    parent_account = models.CharField(max_length=32)
    cursor = models.TextField(blank=True)
    polled_at = models.DateTimeField(null=True)
    # Asked at a fixed cadence and by nothing else: traffic would show when somebody paid.
    checked_at = models.DateTimeField(null=True)
    is_up = models.BooleanField(default=False)
    # In real time, the rest in the story's: how often the books are read is no matter of theirs.
    books_checked_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()


class SubAccount(models.Model):
    """An account a payer can pay into. Opened ahead of need, so that asking for one shows nowhere.

    Today every account serves one bidder in one lot. A member's own account, with pledges to
    several lots, is another kind behind the same row.
    """

    class Kind(models.TextChoices):
        """What it serves."""

        LOT = "LOT"

    class State(models.TextChoices):
        """Whether the bank has opened it and whether a bidder has it."""

        OPENING = "OPENING"
        FREE = "FREE"
        ISSUED = "ISSUED"
        CLOSED = "CLOSED"

    # Also the bank's request number and reference: the bank learns nothing else about us.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="sub_accounts")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.LOT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPENING)
    holder_name = models.CharField(max_length=120)
    number_sealed = models.BinaryField(null=True)
    number_index = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sub_account_number_once", fields=["bank", "number_index"]
            ),
            models.CheckConstraint(
                name="sub_account_open_has_number",
                condition=Q(state="OPENING") | Q(number_index__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="sub_account_free", fields=["bank"], condition=Q(state="FREE")),
        ]


class BankMessage(models.Model):
    """What a bank told us of its own accord, kept as it came, before anybody reads it."""

    class State(models.TextChoices):
        """Whether it has been acted on."""

        NEW = "NEW"
        HANDLED = "HANDLED"
        SET_ASIDE = "SET_ASIDE"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="messages")
    received_at = models.DateTimeField()
    raw_sealed = models.BinaryField()
    # Keyed, since a plain hash of a guessed notice would confirm the guess.
    sha = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)

    class Meta:
        constraints = [
            # A notice repeated a thousand times is one notice.
            models.UniqueConstraint(name="bank_message_once", fields=["bank", "sha"]),
        ]
        indexes = [
            models.Index(name="bank_message_new", fields=["bank"], condition=Q(state="NEW")),
        ]


class Nonce(models.Model):
    """A nonce a bank has used; the same one again is a replay."""

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="nonce_once", fields=["bank", "nonce"])]


class Statement(models.Model):
    """A bank day as the bank closed it: the authority on what was paid."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="statements")
    day = models.DateField()
    version = models.PositiveIntegerField()
    final = models.BooleanField()
    opening_fen = models.BigIntegerField()
    closing_fen = models.BigIntegerField()
    raw_sealed = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="statement_once", fields=["bank", "day", "version"]),
        ]


class StatementRow(models.Model):
    """A row of a statement, without its names; those stay in the sealed original."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="rows")
    bank_ref = models.CharField(max_length=32)
    account_index = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=20)
    serial = models.CharField(max_length=40, blank=True)
    amount_fen = models.BigIntegerField()
    payee_index = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="statement_row_once", fields=["statement", "account_index", "bank_ref"]
            ),
        ]
        indexes = [
            models.Index(name="statement_row_serial", fields=["serial"], condition=~Q(serial="")),
        ]


class Break(models.Model):
    """Something that does not agree. It has an owner and is closed by people, never by itself."""

    class Kind(models.TextChoices):
        """What does not agree."""

        CONTRADICTION = "CONTRADICTION"
        WRONG_PAYEE = "WRONG_PAYEE"
        UNKNOWN_DEBIT = "UNKNOWN_DEBIT"
        ABSENT = "ABSENT"
        UNKNOWN_TOO_LONG = "UNKNOWN_TOO_LONG"
        INTEREST = "INTEREST"
        UNREADABLE = "UNREADABLE"
        CURRENCY = "CURRENCY"
        STATEMENT = "STATEMENT"
        LEDGER = "LEDGER"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="breaks")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    critical = models.BooleanField()
    # What it is about: an instruction, a credit, a message, a statement.
    source_id = models.UUIDField()
    facts = models.JSONField(default=dict)
    owner = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="break_open_once",
                fields=["bank", "kind", "source_id"],
                condition=Q(resolved_at__isnull=True),
            ),
        ]
