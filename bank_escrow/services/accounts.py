"""Accounts to pay into: opened at the bank ahead of need, handed to a bidder when it asks.

Between a bidder's question and the bank's work lies no time that anybody could measure: the
account is there already. The bank learns from its opening neither lot nor bidder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Centre
from audit.services import record
from bank_escrow import adapters, sealed
from bank_escrow.adapters.protocol import Account
from bank_escrow.domain.matching import PayerIdentity
from bank_escrow.events import AccountIssued
from bank_escrow.models import Bank, Deposit, DepositRequirement, SubAccount
from bank_escrow.services.judging import judge
from bank_escrow.services.states import locked_deposit
from core.verdicts import Refusal

# Enough for a morning's rush between two ticks of the clock.
POOL = 60
# The bank's limit for a holder's name.
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedAccount:
    """Where a bidder pays."""

    deposit: UUID
    number: str
    holder_name: str
    bank_name: str


@transaction.atomic
def issue_account(
    *,
    reference: UUID,
    party: UUID,
    payer: PayerIdentity,
    now: datetime,
    bank: str | None = None,
) -> IssuedAccount:
    """Give a bidder its account for a lot; asking again gives the same one.

    A payer who changed (a consortium formed, an account corrected) is judged by the new identity.
    """
    requirement = DepositRequirement.objects.filter(reference=reference).first()
    if requirement is None:
        raise Refusal("M-001")
    made, _ = Deposit.objects.get_or_create(
        requirement=requirement, party=party, defaults={"id": uuid4(), "created_at": now}
    )
    deposit = locked_deposit(made.pk)
    changed = sealed.identity(deposit) != payer
    if changed:
        deposit.payer_sealed = sealed.seal_identity(payer, deposit=deposit.id, key=requirement.key)
    if deposit.sub_account is None:
        deposit.sub_account = _claim(bank)
        record(
            stream=f"deposit/{deposit.id}",
            event=AccountIssued(bank=deposit.sub_account.bank_id),
            actor="system:escrow",
            now=now,
        )
    deposit.save(update_fields=["payer_sealed", "sub_account"])
    if changed and deposit.credits.exists():
        judge(deposit, now=now)
    account = deposit.sub_account
    return IssuedAccount(
        deposit=deposit.id,
        number=sealed.number(account),
        holder_name=account.holder_name,
        bank_name=adapters.profile_for(account.bank_id).name,
    )


def fill_pool(bank: Bank, *, now: datetime) -> int:
    """Open accounts until enough are free; return how many became free.

    Each is asked for under an id that was committed before, so that a crash between the bank's
    work and our note of it opens nothing twice.
    """
    del now  # an opening has no date of ours: it would tell when the pool ran low
    adapter = adapters.adapter_for(bank.code)
    waiting = SubAccount.objects.filter(bank=bank, state=SubAccount.State.OPENING)
    _ask_for_more(bank, waiting)
    opened = 0
    for account in waiting.order_by("id"):
        answer = adapter.open_sub_account(
            request=account.id, parent=bank.parent_account, name=account.holder_name
        )
        if not isinstance(answer, Account):
            break
        opened += waiting.filter(pk=account.pk).update(
            state=SubAccount.State.FREE,
            number_sealed=sealed.seal_number(answer.number, account=account.id),
            number_index=sealed.account_index(answer.number),
        )
    return opened


def _ask_for_more(bank: Bank, waiting: QuerySet[SubAccount]) -> None:
    free = SubAccount.objects.filter(bank=bank, state=SubAccount.State.FREE).count()
    missing = POOL - free - waiting.count()
    name = _holder_name()
    SubAccount.objects.bulk_create(
        SubAccount(id=uuid4(), bank=bank, holder_name=name) for _ in range(max(missing, 0))
    )


def _claim(bank: str | None) -> SubAccount:
    """Take a free account; of two bidders asking at once each gets its own."""
    free = SubAccount.objects.filter(state=SubAccount.State.FREE, bank__stopped_at__isnull=True)
    if bank is not None:
        free = free.filter(bank=bank)
    account = free.select_for_update(of=("self",), skip_locked=True).order_by("id").first()
    if account is None:
        raise Refusal("M-002")
    account.state = SubAccount.State.ISSUED
    account.save(update_fields=["state"])
    return account


def _holder_name() -> str:
    centre = Centre.objects.filter(code=settings.CENTRE_CODE).values_list("name", flat=True)
    return f"{centre.first() or settings.CENTRE_CODE}投标保证金专户"[:_LONGEST_NAME]
