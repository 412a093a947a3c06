"""Prepare orders to pay: what goes back, to whom, why and by when.

The beneficiary is never typed. It is read off the bank's record of the payment, hashed into the
content that three persons sign, and read back from the very bytes before they leave.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from audit.services import record
from bank_escrow import adapters, sealed, vault
from bank_escrow.adapters.protocol import PaymentOrder
from bank_escrow.domain import serials
from bank_escrow.domain.beneficiary import Party, Purpose
from bank_escrow.domain.lifecycle import DEPOSIT, OVER
from bank_escrow.domain.names import account_number
from bank_escrow.domain.refund_dates import Basis, due_at
from bank_escrow.events import PaymentOrdered
from bank_escrow.models import BankCredit, Deposit, DepositRequirement, Instruction, SubAccount
from bank_escrow.services.refunds import approve, submit
from bank_escrow.services.settling import beneficiary
from bank_escrow.services.states import locked_deposit, move_deposit
from core.verdicts import Refusal
from sealing import canonical

SYSTEM = "system:escrow"
# From here on a third person releases: 1,000,000.00 yuan, which no deposit of works reaches.
RELEASE_ABOVE_FEN = 100_000_000
TO_PAY = (BankCredit.State.COUNTED, BankCredit.State.SUSPENSE)


def order_deposits(
    deposits: Iterable[UUID],
    *,
    basis: Basis,
    due: datetime,
    with_interest: bool,
    actor: str,
    now: datetime,
) -> list[Instruction]:
    """Order the return of all money of these deposits; the caller holds a transaction.

    Each payment becomes one order in DRAFT, for a first person to put forward. What is already
    being paid, or frozen, is left alone, so that ordering twice orders once. Interest is owed on
    deposits, not on money that never counted.
    """
    made: list[Instruction] = []
    for pk in deposits:
        made += _order_deposit(
            locked_deposit(pk),
            basis=basis,
            due=due,
            with_interest=with_interest,
            release_above=RELEASE_ABOVE_FEN,
            actor=actor,
            now=now,
        )
    return made


@transaction.atomic
def return_before_opening(
    *, reference: UUID, party: UUID, actor: str, signature_id: UUID | None, now: datetime
) -> list[Instruction]:
    """Send a bidder's money back before the hour, at its own signed request.

    Nobody of the centre may know that this bidder exists, so nobody can approve: the bidder is
    the maker, the rule that money goes only whence it came is the checker. Returns, what was
    misdirected included, go without interest (招标投标法实施条例 art. 35).
    """
    requirement = DepositRequirement.objects.filter(reference=reference).first()
    owner = Deposit.objects.filter(requirement=requirement, party=party).first()
    if requirement is None or owner is None:
        raise Refusal("M-404")
    if requirement.unsealed_at is not None or now >= requirement.cutoff_at:
        raise Refusal("M-206", cutoff_at=requirement.cutoff_at)
    orders = _order_deposit(
        locked_deposit(owner.pk),
        basis=Basis.WITHDRAWN,
        due=due_at(track=requirement.track, basis=Basis.WITHDRAWN, since=now),
        with_interest=False,
        release_above=None,
        actor=actor,
        now=now,
    )
    if not orders:
        raise Refusal("M-204")
    for order in orders:
        submit(
            instruction_id=order.id,
            content_sha=order.content_sha,
            actor=actor,
            signature_id=signature_id,
            now=now,
        )
        approve(
            instruction_id=order.id,
            content_sha=order.content_sha,
            actor=SYSTEM,
            signature_id=None,
            now=now,
        )
    return orders


@transaction.atomic
def order_stray(*, credit_id: UUID, actor: str, now: datetime) -> Instruction:
    """Order the return of money that came to no bidder's account."""
    credit = (
        BankCredit.objects.select_for_update(of=("self",))
        .filter(pk=credit_id, deposit__isnull=True, state=BankCredit.State.SUSPENSE)
        .first()
    )
    if credit is None:
        raise Refusal("M-404")
    if credit.instructions.exclude(state__in=OVER).exists():
        raise Refusal("M-205")
    return draft(
        credit,
        None,
        purpose=Purpose.REFUND,
        basis=Basis.NOT_COUNTED,
        due=due_at(track="T", basis=Basis.NOT_COUNTED, since=now),
        with_interest=False,
        document=None,
        release_above=RELEASE_ABOVE_FEN,
        actor=actor,
        now=now,
    )


def _order_deposit(
    deposit: Deposit,
    *,
    basis: Basis,
    due: datetime,
    with_interest: bool,
    release_above: int | None,
    actor: str,
    now: datetime,
) -> list[Instruction]:
    if not DEPOSIT.can(deposit.state, "order"):
        return []
    credits_ = [
        credit
        for credit in BankCredit.objects.select_for_update()
        .filter(deposit=deposit, state__in=TO_PAY)
        .order_by("booked_at", "id")
        if not credit.instructions.exclude(state__in=OVER).exists()
    ]
    if not credits_:
        return []
    move_deposit(deposit, "order")
    return [
        draft(
            credit,
            deposit,
            purpose=Purpose.REFUND,
            basis=basis if not credit.codes else Basis.NOT_COUNTED,
            due=due,
            with_interest=with_interest and not credit.codes,
            document=None,
            release_above=release_above,
            actor=actor,
            now=now,
        )
        for credit in credits_
    ]


def draft(
    credit: BankCredit,
    deposit: Deposit | None,
    *,
    purpose: Purpose,
    basis: str,
    due: datetime,
    with_interest: bool,
    document: UUID | None,
    release_above: int | None,
    actor: str,
    now: datetime,
) -> Instruction:
    """Write one order in DRAFT; the caller holds the locks of deposit and credit."""
    profile = adapters.profile_for(credit.bank_id)
    last = credit.instructions.aggregate(last=Max("seq"))["last"] or 0
    order = Instruction(
        id=uuid4(),
        bank_id=credit.bank_id,
        credit=credit,
        deposit=deposit,
        seq=last + 1,
        purpose=purpose.value,
        amount_fen=credit.amount_fen,
        with_interest=with_interest,
        from_suspense=credit.state == BankCredit.State.SUSPENSE,
        basis=str(basis),
        document=document,
        due_at=due,
        serial=serials.serial(
            centre=settings.CENTRE_CODE,
            bank_number=profile.number,
            day=serials.bank_day(now, switches_at=profile.day_switches_at),
            drawn=secrets.randbelow(serials.DRAWN_BELOW),
        ),
        needs_release=release_above is not None and credit.amount_fen > release_above,
        created_at=now,
        changed_at=now,
    )
    credit.deposit = deposit
    order.content_sha = content_sha(order, payment_order(order, valid_on=date.min))
    order.save(force_insert=True)
    event = PaymentOrdered(
        instruction=order.id,
        purpose=order.purpose,
        basis=order.basis,
        amount_fen=order.amount_fen,
        due_at=due,
    )
    for stream in ([] if deposit is None else [f"deposit/{deposit.id}"]) + [
        f"instruction/{order.id}"
    ]:
        record(stream=stream, event=event, actor=actor, now=now)
    return order


def payment_order(order: Instruction, *, valid_on: date) -> PaymentOrder:
    """Return the order in full, as it goes on the wire."""
    to = beneficiary(order)
    is_refund = order.purpose == Purpose.REFUND
    return PaymentOrder(
        serial=order.serial,
        account=_account(order),
        original_ref=order.credit.bank_ref,
        payee_name=to.name,
        payee_account=account_number(to.account),
        amount_fen=order.amount_fen,
        purpose=order.purpose,
        with_interest=order.with_interest,
        # Read by the bank and the payee, so in the language of the place whatever ours is.
        remark="投标保证金退还" if is_refund else f"投标保证金不予退还 依据 {order.document}",
        valid_on=valid_on,
    )


def content_sha(order: Instruction, payment: PaymentOrder) -> str:
    """Return the hash of who gets how much from where and why: what is signed.

    The day of sending is not in it, for the persons do not choose it; everything else is.
    """
    body: dict[str, Any] = {
        "serial": payment.serial,
        "account": vault.index(payment.account, key=None, context="content").hex(),
        "original": payment.original_ref,
        "credit": str(order.credit_id),
        "payee": sealed.payee_mark(Party(name=payment.payee_name, account=payment.payee_account)),
        "amount_fen": payment.amount_fen,
        "purpose": payment.purpose,
        "interest": payment.with_interest,
        "basis": order.basis,
        "document": str(order.document or ""),
        "remark": payment.remark,
    }
    return hashlib.sha256(canonical.dumps(body)).hexdigest()


def _account(order: Instruction) -> str:
    """Return the number of our account in which the money lies."""
    if order.deposit is not None and order.deposit.sub_account is not None:
        return sealed.number(order.deposit.sub_account)
    index = bytes(order.credit.account_index)
    account = SubAccount.objects.filter(bank=order.bank_id, number_index=index).first()
    if account is not None:
        return sealed.number(account)
    if sealed.account_index(order.bank.parent_account) == index:
        return order.bank.parent_account
    raise Refusal("M-404")
