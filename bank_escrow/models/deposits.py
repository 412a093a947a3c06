"""What a lot demands, who has paid it, and the money each payment brought."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q

from bank_escrow.models.banks import Bank, SubAccount


class DepositRequirement(models.Model):
    """What one lot demands. `reference` is opaque here: the escrow does not know what a lot is."""

    class AccountPolicy(models.TextChoices):
        """From which account a deposit must come."""

        BASIC = "BASIC"
        CORPORATE = "CORPORATE"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.UUIDField(unique=True)
    # Public words for finance pages: the lot's number and name as in the notice.
    title = models.CharField(max_length=300, blank=True)
    amount_fen = models.BigIntegerField()
    cutoff_at = models.DateTimeField()
    track = models.CharField(max_length=4)
    account_policy = models.CharField(max_length=10, choices=AccountPolicy.choices)
    members_may_pay = models.BooleanField(default=False)
    several_credits = models.BooleanField(default=True)
    # How long after the cut-off bids bind, and with them a letter of guarantee (TBR Art. 26).
    validity_days = models.PositiveSmallIntegerField(default=90)
    key = models.BinaryField()
    opened_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    # Until then nobody but the member itself is told that a deposit exists.
    unsealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="requirement_amount_positive", condition=Q(amount_fen__gt=0)
            ),
        ]


class Deposit(models.Model):
    """One bidder's deposit for one lot; the bidder is a random `party`, the payer is sealed."""

    class State(models.TextChoices):
        """The states of `domain.lifecycle.DEPOSIT`."""

        UNPAID = "UNPAID"
        RECEIVED = "RECEIVED"
        PARTIAL = "PARTIAL"
        MISMATCH = "MISMATCH"
        MATCHED = "MATCHED"
        GUARANTEE = "GUARANTEE"
        WAIVED = "WAIVED"
        LOCKED = "LOCKED"
        FROZEN = "FROZEN"
        REFUNDING = "REFUNDING"
        REFUNDED = "REFUNDED"
        FORFEITING = "FORFEITING"
        FORFEITED = "FORFEITED"

    class Form(models.TextChoices):
        """How the deposit is given."""

        TRANSFER = "TRANSFER"
        GUARANTEE = "GUARANTEE"
        WAIVED = "WAIVED"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    requirement = models.ForeignKey(
        DepositRequirement, on_delete=models.PROTECT, related_name="deposits"
    )
    party = models.UUIDField()
    form = models.CharField(max_length=10, choices=Form.choices, default=Form.TRANSFER)
    payer_sealed = models.BinaryField(null=True)
    sub_account = models.OneToOneField(
        SubAccount, on_delete=models.PROTECT, null=True, related_name="deposit"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.UNPAID)
    codes = models.JSONField(default=list)
    counted_fen = models.BigIntegerField(default=0)
    # What the opening hall showed; a payment found later changes both and leaves its event.
    verdict = models.CharField(max_length=12, choices=State.choices, blank=True)
    verdict_codes = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="deposit_once", fields=["requirement", "party"]),
        ]


class BankCredit(models.Model):
    """A payment the bank booked for us, known by (bank, account, bank's reference)."""

    class State(models.TextChoices):
        """Where its money lies."""

        RECEIVED = "RECEIVED"
        COUNTED = "COUNTED"
        SUSPENSE = "SUSPENSE"
        HELD = "HELD"
        REFUNDING = "REFUNDING"
        REFUNDED = "REFUNDED"
        FORFEITING = "FORFEITING"
        FORFEITED = "FORFEITED"
        # Not in yuan, so not in a ledger of fen: people settle it with the bank.
        FOREIGN = "FOREIGN"

    class Channel(models.TextChoices):
        """Which of the bank's words told us first."""

        NOTICE = "NOTICE"
        POLL = "POLL"
        STATEMENT = "STATEMENT"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="credits")
    account_index = models.BinaryField(max_length=32)
    bank_ref = models.CharField(max_length=32)
    deposit = models.ForeignKey(
        Deposit, on_delete=models.PROTECT, null=True, related_name="credits"
    )
    amount_fen = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_at = models.DateTimeField()
    bank_day = models.DateField()
    personal = models.BooleanField()
    payer_sealed = models.BinaryField()
    payer_index = models.BinaryField(max_length=32)
    # Keyed hash of all the bank said: the same reference with other words is a contradiction.
    content = models.BinaryField(max_length=32)
    # A notice alone lets nobody in: it counts once the bank's own list says the same.
    confirmed = models.BooleanField()
    first_seen_by = models.CharField(max_length=10, choices=Channel.choices)
    seen_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    codes = models.JSONField(default=list)
    # Counts its movements in the books, so that each has an id of its own.
    moves = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="bank_credit_once", fields=["bank", "account_index", "bank_ref"]
            ),
            models.CheckConstraint(name="bank_credit_positive", condition=Q(amount_fen__gt=0)),
        ]


class Hold(models.Model):
    """A freeze while an objection, complaint or investigation runs; its basis is mandatory."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="holds")
    basis = models.CharField(max_length=200)
    document = models.UUIDField()
    since = models.DateTimeField()
    review_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="hold_names_its_basis", condition=~Q(basis="")),
            models.UniqueConstraint(
                name="hold_once", fields=["deposit"], condition=Q(until__isnull=True)
            ),
        ]


class ForfeitAccount(models.Model):
    """Where forfeited money of a lot goes: the tenderer's account or the treasury's, never ours.

    Entered by one person, confirmed by another, before any forfeit is ordered; name and number
    are sealed like a payer's.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    requirement = models.OneToOneField(
        DepositRequirement, on_delete=models.PROTECT, related_name="forfeit_account"
    )
    payee_sealed = models.BinaryField()
    maker = models.CharField(max_length=80)
    checker = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="forfeit_account_two_persons", condition=~Q(maker=models.F("checker"))
            ),
        ]
