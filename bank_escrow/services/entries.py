"""Book what a bank reports, once, whoever told us first: notice, poll or statement.

The key is (bank, account, bank's reference). The same key with other content is a contradiction:
nothing is booked, people look. The bank's own time of booking decides, not when we heard of it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from audit.services import record
from bank_escrow import sealed, vault
from bank_escrow.adapters.protocol import Entry
from bank_escrow.domain.beneficiary import Party
from bank_escrow.domain.matching import Code
from bank_escrow.domain.names import account_number
from bank_escrow.domain.postings import Posting, line
from bank_escrow.events import CreditReceived
from bank_escrow.models import BankCredit, Break, Deposit, Instruction
from bank_escrow.services.breaks import open_break
from bank_escrow.services.judging import judge
from bank_escrow.services.ledger import move, post
from bank_escrow.services.requirements import fix_verdict
from bank_escrow.services.settling import ask_now, take_back
from bank_escrow.services.states import locked_deposit, move_deposit

_YUAN = "CNY"


@transaction.atomic
def book(entry: Entry, *, bank: str, channel: str, now: datetime) -> None:
    """Book one entry of the bank's books; what is known already changes nothing."""
    match entry.kind:
        case Entry.TRANSFER_IN:
            _book_credit(entry, bank=bank, channel=channel, now=now)
        case Entry.RETURN_IN:
            take_back(entry, bank=bank, now=now)
        case Entry.REFUND_OUT | Entry.FORFEIT_OUT:
            ask_now(entry, bank=bank, now=now)
        case Entry.INTEREST:
            _book_kept_interest(entry, bank=bank, now=now)
        case _:
            # INTEREST_OUT is booked with the payment it belongs to.
            return


def _book_credit(entry: Entry, *, bank: str, channel: str, now: datetime) -> None:
    account = sealed.account_index(entry.account)
    content = _content(entry)
    known = BankCredit.objects.filter(
        bank=bank, account_index=account, bank_ref=entry.bank_ref
    ).first()
    if known is not None:
        if bytes(known.content) != content:
            open_break(
                bank=bank,
                kind=Break.Kind.CONTRADICTION,
                source_id=known.id,
                critical=False,
                now=now,
                facts={"what": "credit"},
            )
        elif channel != BankCredit.Channel.NOTICE and not known.confirmed:
            BankCredit.objects.filter(pk=known.pk).update(confirmed=True)
        return
    owner = Deposit.objects.filter(
        sub_account__bank=bank, sub_account__number_index=account
    ).first()
    deposit = None if owner is None else locked_deposit(owner.pk)
    credit = _stored(
        entry,
        bank=bank,
        channel=channel,
        account=account,
        content=content,
        deposit=deposit,
        now=now,
    )
    if credit is None:
        # Another worker stored it between our look and our lock.
        return
    if entry.currency != _YUAN:
        open_break(
            bank=bank, kind=Break.Kind.CURRENCY, source_id=credit.id, critical=False, now=now
        )
    else:
        _book_receipt(credit, now=now)
    if deposit is None:
        return
    record(
        stream=f"deposit/{deposit.id}",
        event=CreditReceived(
            credit=credit.id, amount_fen=credit.amount_fen, booked_at=credit.booked_at
        ),
        actor=f"bank:{bank}",
        now=now,
    )
    if deposit.state == Deposit.State.UNPAID:
        move_deposit(deposit, "receive")


def match(*, deposit_id: UUID, now: datetime) -> None:
    """Judge a deposit in its own transaction; in a locked lot the verdict follows."""
    with transaction.atomic():
        deposit = locked_deposit(deposit_id)
        judge(deposit, now=now)
        if deposit.requirement.locked_at is not None and deposit.verdict in _OPEN_VERDICTS:
            fix_verdict(deposit, now=now)


# A payment found after the opening can mend these; the others are settled.
_OPEN_VERDICTS = frozenset({"", Deposit.State.UNPAID, Deposit.State.MISMATCH})


def match_waiting(bank: str, *, now: datetime) -> None:
    """Judge every deposit with money that is confirmed and not yet placed."""
    unplaced = Q(state=BankCredit.State.RECEIVED) | Q(state=BankCredit.State.FOREIGN, codes=[])
    waiting = BankCredit.objects.filter(
        unplaced, bank=bank, confirmed=True, deposit__isnull=False
    ).values_list("deposit_id", flat=True)
    for deposit_id in sorted(set(waiting)):
        match(deposit_id=deposit_id, now=now)


def _stored(
    entry: Entry,
    *,
    bank: str,
    channel: str,
    account: bytes,
    content: bytes,
    deposit: Deposit | None,
    now: datetime,
) -> BankCredit | None:
    new = uuid4()
    requirement = None if deposit is None else deposit.requirement
    payer = Party(name=entry.counterparty_name, account=entry.counterparty_account)
    credit, created = BankCredit.objects.get_or_create(
        bank_id=bank,
        account_index=account,
        bank_ref=entry.bank_ref,
        defaults={
            "id": new,
            "deposit": deposit,
            "amount_fen": entry.amount_fen,
            "currency": entry.currency[:3],
            "booked_at": entry.booked_at,
            "bank_day": entry.bank_day,
            "personal": entry.personal,
            "payer_sealed": sealed.seal_payer(
                payer, credit=new, key=None if requirement is None else requirement.key
            ),
            "payer_index": sealed.payer_index(payer.account, requirement),
            "content": content,
            "confirmed": channel != BankCredit.Channel.NOTICE,
            "first_seen_by": channel,
            "seen_at": now,
            "state": BankCredit.State.RECEIVED
            if entry.currency == _YUAN
            else BankCredit.State.FOREIGN,
        },
    )
    return credit if created else None


def _book_receipt(credit: BankCredit, *, now: datetime) -> None:
    move(
        credit,
        Posting.CREDIT_SEEN,
        state=BankCredit.State.RECEIVED,
        business_date=credit.bank_day,
        now=now,
    )
    if credit.deposit_id is None:
        # Nobody's account: it waits for people and counts for nobody.
        move(
            credit,
            Posting.SET_ASIDE,
            state=BankCredit.State.SUSPENSE,
            business_date=credit.bank_day,
            now=now,
            codes=[Code.UNKNOWN_ACCOUNT.value],
        )


def _book_kept_interest(entry: Entry, *, bank: str, now: datetime) -> None:
    """Book interest that stays with the pool because the law gave it to nobody.

    Interest that a refund pays out is booked with that payment, from the payment's own answer.
    """
    order = Instruction.objects.filter(serial=entry.serial).first() if entry.serial else None
    if order is not None and order.with_interest:
        return
    source = order.id if order is not None else vault_id(entry)
    post(
        [
            line(Posting.INTEREST_KEPT, bank=bank, owner=None, amount_fen=entry.amount_fen),
        ],
        kind=Posting.INTEREST_KEPT,
        source_type="interest",
        source_id=source,
        number=0,
        business_date=entry.bank_day,
        now=now,
    )


def vault_id(entry: Entry) -> UUID:
    """Return an id for an entry that belongs to no order of ours; the same for the same entry."""
    return UUID(bytes=_content(entry)[:16])


def _content(entry: Entry) -> bytes:
    said = "\n".join(
        (
            entry.bank_ref,
            account_number(entry.account),
            entry.kind,
            str(entry.amount_fen),
            entry.currency,
            entry.booked_at.isoformat(),
            entry.counterparty_name,
            account_number(entry.counterparty_account),
            str(entry.personal),
        )
    )
    return vault.index(said, key=None, context="entry")
