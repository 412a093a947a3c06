"""The ledger: accounts, entries, lines. Written by one database function, never edited.

`services.ledger.post` calls `bank_escrow_post`; triggers refuse every other way of writing.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class LedgerAccount(models.Model):
    """An account; `dp` and `cp` are the sums of all its debits and credits."""

    class Kind(models.TextChoices):
        """What the bank owes us, or what we owe."""

        ASSET = "A"
        LIABILITY = "L"

    code = models.CharField(primary_key=True, max_length=80)
    kind = models.CharField(max_length=1, choices=Kind.choices)
    dp = models.BigIntegerField(default=0)
    cp = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ledger_account_sums_positive", condition=Q(dp__gte=0, cp__gte=0)
            ),
            models.CheckConstraint(
                name="ledger_account_never_overdrawn",
                condition=Q(kind="A") | Q(dp__lte=F("cp")),
            ),
        ]


class JournalEntry(models.Model):
    """One event in the books; its id is made from what caused it, so that a replay is the same."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=40)
    business_date = models.DateField()
    source_type = models.CharField(max_length=20)
    source_id = models.UUIDField(db_index=True)
    content_sha = models.CharField(max_length=64)
    created_at = models.DateTimeField()


class JournalLine(models.Model):
    """One debit, one credit, one amount."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    n = models.PositiveSmallIntegerField()
    debit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="credits")
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="journal_line_numbered", fields=["entry", "n"]),
            models.CheckConstraint(name="journal_line_positive", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(name="journal_line_two_sides", condition=~Q(debit=F("credit"))),
        ]
