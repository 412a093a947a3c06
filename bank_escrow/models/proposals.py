"""Acts that need two persons, from the first one's word to the second one's."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from bank_escrow.domain.proposals import BY_DOCUMENT


class Proposal(models.Model):
    """One person proposes an act on money, another confirms it; only then is it done.

    What it says is never edited: whoever wants something else takes it back and proposes anew.
    Its id also names the document it came with, on holds, orders and in events.
    """

    class Kind(models.TextChoices):
        """The kinds of `domain.proposals.Kind`."""

        STOP_BANK = "STOP_BANK"
        START_BANK = "START_BANK"
        RESOLVE = "RESOLVE"
        UNPAID = "UNPAID"
        FREEZE = "FREEZE"
        UNFREEZE = "UNFREEZE"
        FORFEIT_ACCOUNT = "FORFEIT_ACCOUNT"
        FORFEIT = "FORFEIT"

    class State(models.TextChoices):
        """The states of `domain.proposals.PROPOSAL`."""

        WAITING = "WAITING"
        CONFIRMED = "CONFIRMED"
        REFUSED = "REFUSED"
        WITHDRAWN = "WITHDRAWN"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # A bank's code, or the id of a break, an order, a deposit, a lot.
    subject = models.CharField(max_length=40)
    # What the act rests on when it is proposed, so that both persons mean the same.
    facts = models.JSONField(default=dict)
    reason = models.CharField(max_length=200)
    payee_sealed = models.BinaryField(null=True)
    file_sealed = models.BinaryField(null=True)
    file_sha = models.CharField(max_length=64, blank=True)
    content_sha = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    proposed_by = models.CharField(max_length=80)
    proposed_at = models.DateTimeField()
    proposed_signature = models.UUIDField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_signature = models.UUIDField(null=True)
    # Why it was refused or taken back.
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="proposal_waits_once",
                fields=["kind", "subject"],
                condition=Q(state="WAITING"),
            ),
            models.CheckConstraint(name="proposal_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="proposal_has_maker", condition=~Q(proposed_by="")),
            models.CheckConstraint(
                name="proposal_two_persons",
                condition=~Q(state="CONFIRMED")
                | (~Q(decided_by="") & ~Q(decided_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="proposal_by_document",
                condition=~Q(kind__in=sorted(kind.value for kind in BY_DOCUMENT))
                | Q(file_sealed__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_names_payee",
                condition=Q(kind="FORFEIT_ACCOUNT", payee_sealed__isnull=False)
                | (~Q(kind="FORFEIT_ACCOUNT") & Q(payee_sealed__isnull=True)),
            ),
        ]
